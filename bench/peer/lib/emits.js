// The two variants of emitting a result.

// Like earlier connectors: the promise of emit is dropped. The sailor acks the message as soon as process ends, even if
// the broker has not confirmed the result.
exports.dropped = (answer) => async function process(message, config) {
  const body = await answer(message.body, config);
  this.emit('data', { body });
};

// At least once: the message is acked after the broker has confirmed its result.
exports.awaited = (answer) => async function process(message, config) {
  const body = await answer(message.body, config);
  await this.emit('data', { body });
};
