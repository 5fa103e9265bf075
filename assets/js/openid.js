// Where a provider sends people back to: the form goes on by itself. Without scripts its button does.
import { required } from "./parts/dom.js";
import { browserZone } from "./parts/zone.js";

browserZone();
required("form[data-sends-itself]", HTMLFormElement).requestSubmit();
