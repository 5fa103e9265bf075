// A form that came after its person had been signed out: it goes on by itself once they are signed in.
import { required } from "./parts/dom.js";
import { askWhoIsSignedIn, takeToken } from "./parts/identity.js";
import { signInAgain } from "./parts/sign_in.js";

const form = required("form[data-send-again]", HTMLFormElement);
if ((await signInAgain()) || takeToken(await askWhoIsSignedIn())) form.requestSubmit();
