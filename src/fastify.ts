export {
  type FastifyApplication,
  type KeywayPlugin,
  type KeywayPluginOptions,
  keyway,
} from './app/mounted/fastify-plugin.ts'
