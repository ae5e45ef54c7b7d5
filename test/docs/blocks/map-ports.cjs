// Loaded into each process that a page's commands start: the addresses in the documents (8080, 9901…)
// may be taken where tests run, so each stands for a free port that KEYWAY_DOCS_PORTS tells.
const net = require('node:net')

const ports = JSON.parse(process.env.KEYWAY_DOCS_PORTS)

function mapped(options) {
  if (typeof options !== 'object' || options === null) return options
  return options.port in ports ? { ...options, port: ports[options.port] } : options
}

const { listen } = net.Server.prototype
net.Server.prototype.listen = function (first, ...rest) {
  if (first in ports) return listen.call(this, ports[first], ...rest)
  return listen.call(this, mapped(first), ...rest)
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (first, ...rest) {
  // net.connect passes its arguments as an array.
  if (Array.isArray(first)) first[0] = mapped(first[0])
  return connect.call(this, mapped(first), ...rest)
}
