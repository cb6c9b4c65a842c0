import { requests, current } from '../../context.mjs';

export const dynamic = 'force-dynamic';

export function GET(request) {
  return requests.run({ id: request.headers.get('x-request-id') }, answer);
}

async function answer() {
  await null; // whatever the request needs
  return new Response(current().id);
}
