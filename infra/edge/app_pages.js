// CloudFront Functions: what an address of the app leads to. Runtime 2.0; only what it knows may be used.
function handler(event) {
  var request = event.request;
  var name = request.uri.substring(request.uri.lastIndexOf("/") + 1);
  if (name.indexOf(".") === -1) request.uri = "/index.html"; // a page of the app, which finds it by itself
  return request;
}
