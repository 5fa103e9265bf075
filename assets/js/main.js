// What every page runs. Pages with more load their own module beside it; those with parts that the server exchanges load htmx
// with it, which is more than all that stands here.
import { busy } from "./parts/busy.js";
import { codeBlocks } from "./parts/code.js";
import { counters } from "./parts/counter.js";
import { dialogs } from "./parts/dialogs.js";
import { find } from "./parts/dom.js";
import { drafts } from "./parts/drafts.js";
import { enterSends } from "./parts/enter_sends.js";
import { forgetOthers } from "./parts/forget_kept.js";
import { hostsAhead } from "./parts/hosts_ahead.js";
import { keys } from "./parts/keys.js";
import { lostConnection, staysWithoutLine } from "./parts/line.js";
import { saysNoPictures } from "./parts/no_pictures.js";
import { sendWhatIsLeft } from "./parts/outbox.js";
import { preferences } from "./parts/preferences.js";
import { signInInPlace } from "./parts/sign_in.js";
import { forgetOthersSounds } from "./parts/sounds_of.js";
import { browserZone } from "./parts/zone.js";

preferences();
dialogs();
keys();
codeBlocks();
if (find("[data-timer]", HTMLElement)) import("./parts/clocks.js");
busy(); // before what follows from sending a form
drafts();
counters();
enterSends();
lostConnection();
staysWithoutLine();
browserZone();
signInInPlace();
saysNoPictures();
sendWhatIsLeft();
hostsAhead(); // after the draft of what was typed is back
forgetOthers();
forgetOthersSounds();
