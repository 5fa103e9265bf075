// Tells a form the browser's time zone, so that a new learner's day turns at their own night.
export function browserZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const field of document.querySelectorAll("[data-zone]")) field.value = timeZone ?? "";
}
