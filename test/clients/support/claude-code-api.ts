import { anthropicApi, type ContentBlock, message, streamMessage } from './anthropic-api.ts'
import { json, type ProviderApi } from './fake-provider.ts'

interface Conversation {
  readonly stream?: boolean
  readonly tools?: readonly { readonly name: string }[]
  readonly messages: readonly Message[]
}

interface Message {
  readonly role: string
  readonly content: string | readonly { readonly type: string }[]
}

/** One assistant's turn after another, as many as tools have answered. */
export type Turns = readonly (readonly ContentBlock[])[]

/** Anthropic's API, playing a session after each prompt: every turn but the last asks for a tool. */
export function claudeCodeApi(turns: Turns): ProviderApi {
  let uses = 0
  // The client takes a second use with the same id for the first one.
  const rename = (block: ContentBlock): ContentBlock => {
    if (block.type === 'text') return block
    uses += 1
    return { ...block, id: `toolu_TEST${uses}` }
  }
  return {
    ...anthropicApi,
    answer(request) {
      if (!request.target.startsWith('/v1/messages?')) return anthropicApi.answer(request)
      const conversation: Conversation = JSON.parse(request.body)
      const content = conversation.tools?.length
        ? (turns[toolResults(conversation)] ?? []).map(rename)
        : [{ type: 'text' as const, text: 'Title' }]
      const asksForTool = content.some((block) => block.type === 'tool_use')
      const stopReason = asksForTool ? 'tool_use' : 'end_turn'
      return conversation.stream
        ? streamMessage(content, stopReason)
        : json(message(content, stopReason))
    },
  }
}

/** How many tools have answered since the user's last prompt. */
function toolResults({ messages }: Conversation): number {
  const results = messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) =>
      typeof content === 'string' ? 0 : content.filter(({ type }) => type === 'tool_result').length,
    )
  const prompt = results.lastIndexOf(0)
  return results.slice(prompt + 1).reduce((sum, count) => sum + count, 0)
}
