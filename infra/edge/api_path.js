// CloudFront Functions: /api/escrows of the app's origin is /escrows of the HTTP API.
function handler(event) {
  var request = event.request;
  request.uri = request.uri.substring("/api".length) || "/";
  return request;
}
