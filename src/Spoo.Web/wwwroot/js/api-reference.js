// /docs: the API's reference. A signed-in person tries things out as themselves, with the token that changes by cookie have to bring.
const TOKEN = 'X-CSRF-Token';

async function withToken(request) {
  if (request.headers.Authorization || ['GET', 'HEAD'].includes(request.method)) return request;
  const me = await fetch('../auth/me');
  if (me.ok) request.headers[TOKEN] = me.headers.get(TOKEN);
  return request;
}

SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '../openapi/v1.json',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  requestInterceptor: withToken,
});
