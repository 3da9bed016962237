// Performs the steps of generic_client.py with a client that is built from the Swagger 2.0 description, as the official
// JavaScript client is. Reads {url, admin, login, account, files, steps} as JSON from stdin and writes {operation: status}.
const task = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const basic = (login) => `Basic ${Buffer.from(login.join(':')).toString('base64')}`;

const fill = (value, known) => {
  if (Array.isArray(value)) return value.map((item) => fill(item, known));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, known)]));
  }
  if (typeof value !== 'string' || !value.startsWith('$')) return value;
  const found = known[value.slice(1)];
  return typeof found === 'string' ? found.replace(/.*\/public\/(\w+)\.\w+/, '$1') : found;
};
const pick = (answer, path) => path.split('.').reduce((value, part) => value[part], answer);

const client = (spec) => {
  const root = `${spec.schemes[0]}://${spec.host}${spec.basePath}`;
  const operations = {};
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, { operationId, parameters }] of Object.entries(methods)) {
      operations[operationId] = { method: method.toUpperCase(), path, parameters };
    }
  }
  return (name, given) => {
    const { method, path, parameters } = operations[name];
    const url = new URL(root + path.replace(/{(\w+)}/g, (_, key) => encodeURIComponent(given[key])));
    const options = { method, headers: { Authorization: basic(path.startsWith('/me/api') ? task.account : task.login) } };
    const form = new FormData();
    for (const { name: key, in: place, type } of parameters) {
      if (given[key] === undefined) continue;
      if (place === 'query') for (const item of [given[key]].flat()) url.searchParams.append(key, item);
      if (place === 'body') {
        options.headers['Content-Type'] = 'application/json';
        options.body = JSON.stringify(given[key]);
      }
      if (place === 'formData') {
        const content = type === 'file' ? new Blob([Buffer.from(task.files[given[key]], 'base64')]) : given[key];
        if (type === 'file') form.append(key, content, given[key]);
        else form.append(key, content);
        options.body = form;
      }
    }
    return fetch(url, options);
  };
};

(async () => {
  const call = client(await (await fetch(`${task.url}/api-docs/swagger.json`)).json());
  const known = {};
  const statuses = {};
  for (const [name, parameters, saved] of task.steps) {
    const given = fill(parameters, known);
    const answer = name === 'admin'
      ? await fetch(task.admin + given.path, { method: given.method, body: JSON.stringify(given.body) })
      : await call(name, given);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text}`);
    if (name !== 'admin') statuses[name] = answer.status;
    for (const [key, path] of Object.entries(saved)) known[key] = pick(JSON.parse(text), path);
  }
  console.log(JSON.stringify(statuses));
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
