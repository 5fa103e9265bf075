// Tells a form the browser's time zone, so that a new learner's day turns at their own night.
import { all } from "./dom.js";

export function browserZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const field of all("[data-zone]", HTMLInputElement)) field.value = timeZone ?? "";
}
