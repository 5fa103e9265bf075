// Preferences of this browser, kept in cookies so that the server can draw the page right at once. No secrets here.
const YEAR_S = 365 * 24 * 60 * 60;

export function recall(name) {
  const pair = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}
