// Generated from config/credentials.yaml by `npm run schema:generate`. Do not edit.

/** The content of config/credentials.yaml. */
export const shippedCatalogue: unknown = {
  "version": 1,
  "places": [
    "query access_token",
    "query api-key",
    "query api_key",
    "query apikey",
    "query auth",
    "query auth_token",
    "query authorization",
    "query bearer",
    "query key",
    "query secret",
    "query subscription-key",
    "query token",
    "query x-api-key",
    "query x-goog-api-key",
    "query xi-api-key",
    "subprotocol base64url.bearer.authorization.k8s.io.*",
    "subprotocol cf-aig-authorization.*",
    "subprotocol Bearer *",
    "subprotocol authorization *"
  ],
  "kinds": {
    "anthropic-api-key": {
      "prefixes": [
        "sk-ant-api",
        "sk-ant-"
      ],
      "provider": "anthropic",
      "description": "an Anthropic API key"
    },
    "anthropic-admin": {
      "prefixes": [
        "sk-ant-admin"
      ],
      "provider": "anthropic",
      "description": "an Anthropic admin key",
      "forward": "admin",
      "instead": "Send an API key (sk-ant-api03-…); an admin key manages the organization and is not needed for inference."
    },
    "anthropic-oauth": {
      "prefixes": [
        "sk-ant-oat"
      ],
      "provider": "anthropic",
      "description": "an Anthropic OAuth access token",
      "pool": "never"
    },
    "anthropic-refresh": {
      "prefixes": [
        "sk-ant-ort"
      ],
      "provider": "anthropic",
      "description": "an Anthropic OAuth refresh token",
      "forward": "never",
      "pool": "never",
      "instead": "Send the access token (sk-ant-oat01-…) that the login gave beside it."
    },
    "anthropic-session": {
      "prefixes": [
        "sk-ant-sid"
      ],
      "provider": "anthropic",
      "description": "a claude.ai web session",
      "forward": "never",
      "pool": "never",
      "instead": "Send an API key (sk-ant-api03-…) or an OAuth access token (sk-ant-oat01-…)."
    },
    "openai": {
      "prefixes": [
        "sk-proj-",
        "sk-svcacct-"
      ],
      "provider": "openai",
      "description": "an OpenAI API key"
    },
    "openai-admin": {
      "prefixes": [
        "sk-admin-"
      ],
      "provider": "openai",
      "description": "an OpenAI admin key",
      "forward": "admin",
      "instead": "Send a project key (sk-proj-…) or a service account's (sk-svcacct-…); an admin key manages the organization."
    },
    "openai-legacy": {
      "prefixes": [
        "sk-"
      ],
      "provider": "openai",
      "description": "an older OpenAI API key, or another provider's that starts with sk- too",
      "ambiguous": true
    },
    "azure-openai": {
      "provider": "azure-openai",
      "description": "an Azure OpenAI key"
    },
    "google-api-key": {
      "prefixes": [
        "AQ.",
        "AIza"
      ],
      "provider": "gemini",
      "description": "a Google API key"
    },
    "google-oauth": {
      "prefixes": [
        "ya29."
      ],
      "provider": "vertex",
      "description": "a Google OAuth access token",
      "pool": "never"
    },
    "google-refresh": {
      "prefixes": [
        "1//"
      ],
      "shape": "^1//[A-Za-z0-9_-]{8}",
      "provider": "vertex",
      "description": "a Google OAuth refresh token",
      "forward": "never",
      "pool": "never",
      "instead": "Send the access token (ya29.…) that it is exchanged for."
    },
    "bedrock": {
      "prefixes": [
        "ABSK",
        "bedrock-api-key-"
      ],
      "provider": "bedrock",
      "description": "an Amazon Bedrock API key"
    },
    "aws-signature": {
      "prefixes": [
        "Credential=",
        "AWS4-HMAC-SHA256"
      ],
      "provider": "bedrock",
      "description": "an AWS request signature",
      "pool": "never"
    },
    "openrouter": {
      "prefixes": [
        "sk-or-"
      ],
      "provider": "openrouter",
      "description": "an OpenRouter API key"
    },
    "groq": {
      "prefixes": [
        "gsk_"
      ],
      "provider": "groq",
      "description": "a Groq API key"
    },
    "xai": {
      "prefixes": [
        "xai-"
      ],
      "provider": "xai",
      "description": "an xAI API key"
    },
    "perplexity": {
      "prefixes": [
        "pplx-"
      ],
      "provider": "perplexity",
      "description": "a Perplexity API key"
    },
    "cerebras": {
      "prefixes": [
        "csk-"
      ],
      "provider": "cerebras",
      "description": "a Cerebras API key"
    },
    "nvidia": {
      "prefixes": [
        "nvapi-"
      ],
      "provider": "nvidia",
      "description": "an NVIDIA API key"
    },
    "fireworks": {
      "prefixes": [
        "fw_"
      ],
      "provider": "fireworks",
      "description": "a Fireworks API key"
    },
    "together": {
      "prefixes": [
        "tgp_"
      ],
      "provider": "together",
      "description": "a Together API key"
    },
    "huggingface": {
      "prefixes": [
        "hf_"
      ],
      "provider": "huggingface",
      "description": "a Hugging Face token"
    },
    "voyage": {
      "prefixes": [
        "pa-"
      ],
      "provider": "voyage",
      "description": "a Voyage API key"
    },
    "elevenlabs": {
      "prefixes": [
        "sk_"
      ],
      "provider": "elevenlabs",
      "description": "an ElevenLabs API key, or another service's that starts with sk_ too",
      "ambiguous": true
    },
    "replicate": {
      "prefixes": [
        "r8_"
      ],
      "provider": "replicate",
      "description": "a Replicate API token"
    },
    "github": {
      "prefixes": [
        "github_pat_",
        "ghp_",
        "ghs_",
        "gho_",
        "ghu_"
      ],
      "provider": "github-models",
      "description": "a GitHub token"
    },
    "github-refresh": {
      "prefixes": [
        "ghr_"
      ],
      "provider": "github-models",
      "description": "a GitHub refresh token",
      "forward": "never",
      "pool": "never",
      "instead": "Send the access token (ghu_…) that it is exchanged for."
    },
    "mistral": {
      "provider": "mistral",
      "description": "a Mistral API key"
    },
    "cohere": {
      "provider": "cohere",
      "description": "a Cohere API key"
    },
    "deepgram": {
      "provider": "deepgram",
      "description": "a Deepgram API key"
    },
    "jwt": {
      "prefixes": [
        "eyJ"
      ],
      "shape": "^eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]{4}",
      "description": "a JSON Web Token",
      "pool": "never"
    },
    "unknown": {
      "description": "a credential of no known kind"
    }
  },
  "providers": {
    "anthropic": {
      "description": "Claude API",
      "url": "https://api.anthropic.com",
      "accepts": [
        "anthropic-api-key",
        "anthropic-oauth"
      ],
      "errors": "anthropic",
      "rules": [
        {
          "name": "oauth",
          "if": {
            "credential": {
              "kind": "anthropic-oauth"
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "api-key",
          "if": {
            "credential": {
              "kind": [
                "anthropic-api-key",
                "anthropic-admin"
              ]
            }
          },
          "use": "x-api-key"
        }
      ]
    },
    "openai": {
      "description": "OpenAI API",
      "url": "https://api.openai.com",
      "accepts": [
        "openai",
        "openai-legacy"
      ],
      "errors": "openai",
      "places": [
        "subprotocol openai-insecure-api-key.*"
      ],
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "azure-openai": {
      "description": "Azure OpenAI, one host for each resource (https://NAME.openai.azure.com)",
      "accepts": [
        "azure-openai",
        "jwt",
        "unknown"
      ],
      "errors": "openai",
      "places": [
        "query api-key"
      ],
      "rules": [
        {
          "name": "entra",
          "if": {
            "credential": {
              "kind": "jwt"
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "key",
          "use": "api-key"
        }
      ]
    },
    "gemini": {
      "description": "Gemini API",
      "url": "https://generativelanguage.googleapis.com",
      "accepts": [
        "google-api-key",
        "google-oauth"
      ],
      "errors": "problem",
      "places": [
        "query key",
        "query access_token"
      ],
      "rules": [
        {
          "name": "oauth",
          "if": {
            "credential": {
              "kind": "google-oauth"
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "key",
          "use": "x-goog-api-key"
        }
      ]
    },
    "vertex": {
      "description": "Vertex AI, one host for each region (https://REGION-aiplatform.googleapis.com)",
      "accepts": [
        "google-oauth"
      ],
      "errors": "problem",
      "places": [
        "query access_token",
        "query key"
      ],
      "rules": [
        {
          "name": "oauth",
          "use": "authorization bearer"
        }
      ]
    },
    "bedrock": {
      "description": "Amazon Bedrock, one host for each region (https://bedrock-runtime.REGION.amazonaws.com)",
      "accepts": [
        "bedrock",
        "aws-signature"
      ],
      "errors": "problem",
      "rules": [
        {
          "name": "key",
          "if": {
            "credential": {
              "kind": "bedrock"
            }
          },
          "use": "authorization bearer"
        }
      ]
    },
    "openrouter": {
      "description": "OpenRouter",
      "url": "https://openrouter.ai/api",
      "accepts": [
        "openrouter"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "groq": {
      "description": "Groq",
      "url": "https://api.groq.com/openai",
      "accepts": [
        "groq"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "xai": {
      "description": "xAI",
      "url": "https://api.x.ai",
      "accepts": [
        "xai"
      ],
      "errors": "openai",
      "places": [
        "subprotocol xai-client-secret.*"
      ],
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "perplexity": {
      "description": "Perplexity",
      "url": "https://api.perplexity.ai",
      "accepts": [
        "perplexity"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "cerebras": {
      "description": "Cerebras",
      "url": "https://api.cerebras.ai",
      "accepts": [
        "cerebras"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "nvidia": {
      "description": "NVIDIA NIM",
      "url": "https://integrate.api.nvidia.com",
      "accepts": [
        "nvidia"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "fireworks": {
      "description": "Fireworks",
      "url": "https://api.fireworks.ai",
      "accepts": [
        "fireworks"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "together": {
      "description": "Together",
      "url": "https://api.together.xyz",
      "accepts": [
        "together"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "huggingface": {
      "description": "Hugging Face Inference",
      "url": "https://api-inference.huggingface.co",
      "accepts": [
        "huggingface"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "mistral": {
      "description": "Mistral",
      "url": "https://api.mistral.ai",
      "accepts": [
        "mistral",
        "unknown"
      ],
      "errors": "openai",
      "places": [
        "subprotocol rt_*"
      ],
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "cohere": {
      "description": "Cohere",
      "url": "https://api.cohere.ai",
      "accepts": [
        "cohere",
        "unknown"
      ],
      "errors": "problem",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "deepseek": {
      "description": "DeepSeek",
      "url": "https://api.deepseek.com",
      "accepts": [
        "openai-legacy"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "voyage": {
      "description": "Voyage AI",
      "url": "https://api.voyageai.com",
      "accepts": [
        "voyage"
      ],
      "errors": "problem",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ]
    },
    "elevenlabs": {
      "description": "ElevenLabs",
      "url": "https://api.elevenlabs.io",
      "accepts": [
        "elevenlabs"
      ],
      "errors": "problem",
      "places": [
        "xi-api-key",
        "query xi-api-key",
        "query authorization",
        "query single_use_token"
      ],
      "rules": [
        {
          "name": "key",
          "use": "xi-api-key"
        }
      ]
    },
    "deepgram": {
      "description": "Deepgram",
      "url": "https://api.deepgram.com",
      "accepts": [
        "deepgram",
        "jwt",
        "unknown"
      ],
      "errors": "problem",
      "places": [
        "subprotocol token *",
        "subprotocol bearer *"
      ],
      "rules": [
        {
          "name": "jwt",
          "if": {
            "credential": {
              "kind": "jwt"
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "key",
          "use": "authorization token"
        }
      ]
    },
    "replicate": {
      "description": "Replicate",
      "url": "https://api.replicate.com",
      "accepts": [
        "replicate"
      ],
      "errors": "problem",
      "rules": [
        {
          "name": "token",
          "use": "authorization bearer"
        }
      ]
    },
    "github-models": {
      "description": "GitHub Models",
      "url": "https://models.github.ai",
      "accepts": [
        "github"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "token",
          "use": "authorization bearer"
        }
      ]
    }
  }
}
