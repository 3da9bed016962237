// The two ways to hand a result to the sailor.

// As earlier connectors do it: the promise of emit is dropped, so the sailor acks the message as soon as process ends,
// whether or not the broker has confirmed the result.
exports.dropped = (answer) => async function process(message, config) {
  const body = await answer(message.body, config);
  this.emit('data', { body });
};

// At least once: the message is acked after the broker has confirmed its result.
exports.awaited = (answer) => async function process(message, config) {
  const body = await answer(message.body, config);
  await this.emit('data', { body });
};
