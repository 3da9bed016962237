// Forwards one property, as most steps between a lookup and a get do.
exports.process = async (message) => ({ body: { id: message.body.id } });
