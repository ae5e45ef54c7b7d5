export { type KeywayPluginOptions, keyway } from './app/mounted/fastify-plugin.ts'
