// Stands for undici in the bundle. @fastify/reply-from loads it whole at the start, and uses nothing of
// it where it is registered with `http`: any part of it that is read here is undefined.
module.exports = {}
