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
    "openai-ephemeral": {
      "prefixes": [
        "ek_"
      ],
      "provider": "openai",
      "description": "an ephemeral OpenAI key for realtime sessions",
      "pool": "never"
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
    "google-ephemeral": {
      "prefixes": [
        "auth_tokens/"
      ],
      "shape": "^auth_tokens/[A-Za-z0-9_-]{32}",
      "provider": "gemini",
      "description": "an ephemeral Gemini token for live sessions",
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
        "pa-",
        "al-"
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
    "elevenlabs-single-use": {
      "prefixes": [
        "sutkn_"
      ],
      "provider": "elevenlabs",
      "description": "a single-use ElevenLabs token",
      "pool": "never"
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
      ],
      "clients": {
        "claude": "/",
        "@anthropic-ai/sdk": "/",
        "@langchain/anthropic": "/",
        "@ai-sdk/anthropic": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://platform.claude.com/docs/en/manage-claude/authentication"
      ]
    },
    "openai": {
      "description": "OpenAI API",
      "url": "https://api.openai.com",
      "accepts": [
        "openai",
        "openai-legacy",
        "openai-ephemeral"
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
      ],
      "clients": {
        "codex": "/v1",
        "openai": "/v1",
        "@ai-sdk/openai": "/v1",
        "@langchain/openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://developers.openai.com/api/docs/guides/realtime-websocket"
      ]
    },
    "azure-openai": {
      "description": "Azure OpenAI, one host for each resource (https://NAME.openai.azure.com)",
      "accepts": [
        "azure-openai",
        "openai-ephemeral",
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
              "kind": [
                "jwt",
                "openai-ephemeral"
              ]
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "key",
          "use": "api-key"
        }
      ],
      "clients": {
        "AzureOpenAI of openai": "/",
        "openai": "/openai/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://learn.microsoft.com/en-us/azure/foundry/openai/api-version-lifecycle"
      ]
    },
    "gemini": {
      "description": "Gemini API",
      "url": "https://generativelanguage.googleapis.com",
      "accepts": [
        "google-api-key",
        "google-oauth",
        "google-ephemeral",
        "jwt"
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
              "kind": [
                "google-oauth",
                "jwt"
              ]
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "ephemeral",
          "if": {
            "credential": {
              "kind": "google-ephemeral"
            }
          },
          "use": "authorization token"
        },
        {
          "name": "key",
          "use": "x-goog-api-key"
        }
      ],
      "clients": {
        "gemini": "/",
        "@google/genai": "/",
        "@langchain/google-genai": "/",
        "@ai-sdk/google": "/v1beta",
        "openai": "/v1beta/openai"
      },
      "checked": "2026-11-28",
      "source": [
        "https://ai.google.dev/gemini-api/docs/ephemeral-tokens",
        "@google/genai 3.1.0"
      ]
    },
    "vertex": {
      "description": "Vertex AI, one host for each region (https://REGION-aiplatform.googleapis.com)",
      "accepts": [
        "google-oauth",
        "google-api-key",
        "jwt"
      ],
      "only": {
        "google-api-key": "^AQ\\."
      },
      "errors": "problem",
      "places": [
        "query access_token",
        "query key"
      ],
      "rules": [
        {
          "name": "oauth",
          "if": {
            "credential": {
              "kind": [
                "google-oauth",
                "jwt"
              ]
            }
          },
          "use": "authorization bearer"
        },
        {
          "name": "key",
          "use": "x-goog-api-key"
        }
      ],
      "clients": {
        "@google/genai": "/"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/vertex-ai-express-mode-api-reference"
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
      ],
      "clients": {
        "@aws-sdk/client-bedrock-runtime": "/"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"
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
      ],
      "clients": {
        "@openrouter/sdk": "/v1",
        "openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "@openrouter/sdk 1.3.19"
      ]
    },
    "groq": {
      "description": "Groq",
      "url": "https://api.groq.com/openai",
      "brought": "/openai",
      "accepts": [
        "groq"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ],
      "clients": {
        "groq-sdk": "/",
        "openai": "/openai/v1",
        "@ai-sdk/groq": "/openai/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://console.groq.com/docs/openai",
        "groq-sdk 1.6.0"
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
      ],
      "clients": {
        "@ai-sdk/xai": "/v1",
        "openai": "/v1",
        "@anthropic-ai/sdk": "/"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.x.ai/developers/rest-api-reference",
        "https://docs.x.ai/developers/model-capabilities/audio/ephemeral-tokens"
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
      ],
      "clients": {
        "@perplexity-ai/perplexity_ai": "/"
      },
      "checked": "2026-11-28",
      "source": [
        "@perplexity-ai/perplexity_ai 0.38.5"
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
      ],
      "clients": {
        "@cerebras/cerebras_cloud_sdk": "/",
        "openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://inference-docs.cerebras.ai/resources/openai"
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
      ],
      "clients": {
        "openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.api.nvidia.com/nim/reference/"
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
      ],
      "clients": {
        "@ai-sdk/fireworks": "/inference/v1",
        "openai": "/inference/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "@ai-sdk/fireworks 2.0.90"
      ]
    },
    "together": {
      "description": "Together",
      "url": "https://api.together.ai",
      "accepts": [
        "together",
        "unknown"
      ],
      "only": {
        "unknown": "^[0-9a-f]{64}$"
      },
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ],
      "clients": {
        "together-ai": "/v1",
        "openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.together.ai/docs/inference/openai-compatibility",
        "together-ai 0.52.0"
      ]
    },
    "huggingface": {
      "description": "Hugging Face Inference Providers",
      "url": "https://router.huggingface.co",
      "accepts": [
        "huggingface"
      ],
      "errors": "openai",
      "rules": [
        {
          "name": "key",
          "use": "authorization bearer"
        }
      ],
      "clients": {
        "@huggingface/inference": "/",
        "openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "@huggingface/inference 4.13.30"
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
      ],
      "clients": {
        "@mistralai/mistralai": "/",
        "@ai-sdk/mistral": "/v1",
        "openai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "@mistralai/mistralai 2.7.0"
      ]
    },
    "cohere": {
      "description": "Cohere",
      "url": "https://api.cohere.com",
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
      ],
      "clients": {
        "cohere-ai": "/",
        "@ai-sdk/cohere": "/v2",
        "openai": "/compatibility/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.cohere.com/docs/compatibility-api",
        "cohere-ai 8.1.0"
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
      ],
      "clients": {
        "@ai-sdk/deepseek": "/",
        "openai": "/",
        "@anthropic-ai/sdk": "/anthropic"
      },
      "checked": "2026-11-28",
      "source": [
        "https://api-docs.deepseek.com/quick_start/your_first_api_call"
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
      ],
      "clients": {
        "voyageai": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://docs.voyageai.com/docs/api-key-and-installation",
        "https://www.mongodb.com/docs/voyageai/api-and-clients"
      ]
    },
    "elevenlabs": {
      "description": "ElevenLabs",
      "url": "https://api.elevenlabs.io",
      "accepts": [
        "elevenlabs",
        "elevenlabs-single-use",
        "unknown"
      ],
      "only": {
        "unknown": "^[0-9a-f]{32}$"
      },
      "errors": "problem",
      "places": [
        "xi-api-key",
        "query xi-api-key",
        "query authorization",
        "query single_use_token",
        "query token"
      ],
      "rules": [
        {
          "name": "key",
          "if": {
            "credential": {
              "kind": [
                "elevenlabs",
                "unknown"
              ]
            }
          },
          "use": "xi-api-key"
        }
      ],
      "clients": {
        "@elevenlabs/elevenlabs-js": "/"
      },
      "checked": "2026-11-28",
      "source": [
        "@elevenlabs/elevenlabs-js 2.73.0"
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
      ],
      "clients": {
        "@deepgram/sdk": "/"
      },
      "checked": "2026-11-28",
      "source": [
        "https://developers.deepgram.com/docs/token-based-authentication",
        "https://developers.deepgram.com/docs/using-the-sec-websocket-protocol"
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
      ],
      "clients": {
        "replicate": "/v1"
      },
      "checked": "2026-11-28",
      "source": [
        "https://replicate.com/changelog/2024-04-03-bearer-tokens"
      ]
    },
    "github-models": {
      "description": "GitHub Models, which GitHub retired on 30 July 2026",
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
      ],
      "clients": {
        "openai": "/inference",
        "@azure-rest/ai-inference": "/inference"
      },
      "checked": "2026-11-28",
      "source": [
        "https://github.com/orgs/community/discussions/203602"
      ]
    }
  }
}
