// Preloaded with --require: disables Nagle's algorithm on the sailor's connections to the broker. amqplib enables it.
// With Nagle's algorithm, the broker's delayed acknowledgements delay each small publish by up to 40 ms.
const net = require('net');

const { connect } = net;
const { setNoDelay } = net.Socket.prototype;
const broker = Number(new URL(process.env.ELASTICIO_AMQP_URI).port || 5672);

net.connect = function connectWithoutDelay(...args) {
  const socket = connect.apply(this, args);
  if (Number(args[0] && args[0].port) === broker) {
    socket.setNoDelay = () => setNoDelay.call(socket, true); // amqplib calls it with false once it is connected
    socket.setNoDelay();
  }
  return socket;
};
