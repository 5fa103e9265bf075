// Comments between editors: who pastes or drops a picture is told that a comment takes none, which a text field keeps quiet about.
import { all } from "./parts/dom.js";
import { takePictures } from "./parts/pictures_in.js";

for (const form of all("form[data-draft]", HTMLFormElement)) takePictures(form, () => null);
