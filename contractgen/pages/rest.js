// The REST reference, and signing in for "Try it out".
const ui = SwaggerUIBundle({
  url: "/docs/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

const form = document.getElementById("sign-in");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const says = form.querySelector("output");
  try {
    const email = new FormData(form).get("email");
    ui.preauthorizeApiKey("bearer", await token(email, form.dataset.password));
    says.value = `signed in as ${email}`;
  } catch (error) {
    says.value = error.message;
  }
});

async function token(email, password) {
  const { cognitoUrl, clientId } = await (await fetch("/config.json")).json();
  const answer = await fetch(cognitoUrl, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.message);
  return content.AuthenticationResult.IdToken;
}
