/** The installation behind a proxy that holds one answer back until it is told to give it. */
import http from 'node:http';
import { url } from './stack.mjs';

/** held: resolves with { headers, give } when the answer to the first request for that path is here. */
export async function holding(path) {
  const behind = new URL(url);
  let hold;
  const held = new Promise((resolve) => (hold = resolve));
  const proxy = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, url);
    const headers = { ...request.headers, host: behind.host };
    if (headers.origin) headers.origin = behind.origin;
    const onward = http.request(new URL(request.url, url), { method: request.method, headers }, (answer) => {
      const give = () => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      };
      if (pathname.endsWith(path)) hold({ headers: answer.headers, give });
      else give();
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const end = () => {
    proxy.close();
    proxy.closeAllConnections();
  };
  return { url: `http://${behind.hostname}:${proxy.address().port}/`, held, end };
}
