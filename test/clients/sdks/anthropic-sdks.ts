import AnthropicOne from '@anthropic-ai/sdk'
import AnthropicZero from 'anthropic-sdk-0'

/** The client of either version, as far as both are the same. */
export type Anthropic = AnthropicOne

/** What a client of either version is created from. */
export type AnthropicOptions = ConstructorParameters<typeof AnthropicOne>[0]

/** One major version of the SDK. */
export interface AnthropicSdk {
  readonly version: string
  /** Path of its beta messages. */
  readonly beta: string
  /** Class of the error it throws for a 503. */
  readonly unavailable: string
  readonly create: (options: AnthropicOptions) => Anthropic
}

/** Both major versions of Anthropic's SDK. */
export const anthropicSdks: readonly [AnthropicSdk, AnthropicSdk] = [
  {
    version: '1.x',
    beta: '/v1/messages',
    unavailable: 'ServiceUnavailableError',
    create: (options: AnthropicOptions): Anthropic => new AnthropicOne(options),
  },
  {
    version: '0.x',
    beta: '/v1/messages?beta=true',
    unavailable: 'InternalServerError',
    create: (options: AnthropicOptions): Anthropic =>
      new AnthropicZero(options as ZeroOptions) as unknown as Anthropic,
  },
]

type ZeroOptions = ConstructorParameters<typeof AnthropicZero>[0]

/** The smallest request for a message. */
export const question: {
  readonly model: string
  readonly max_tokens: number
  readonly messages: { role: 'user'; content: string }[]
} = { model: 'claude-test', max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] }
