// The reference of the socket.
AsyncApiStandalone.render(
  { schema: { url: "/docs/asyncapi.json" }, config: { show: { sidebar: true, errors: true } } },
  document.getElementById("reference"),
);
