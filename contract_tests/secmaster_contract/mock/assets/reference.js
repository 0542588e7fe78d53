"use strict";

const contract = JSON.parse(document.getElementById("contract").textContent);
const at = (id) => document.getElementById(id);

function operation() {
  return contract.operations[at("operation").value];
}

function panel() {
  return document.querySelector(`[data-operation="${CSS.escape(at("operation").value)}"]`);
}

function chosen() {
  const choice = panel().querySelector("input[type=radio]:checked");
  return operation().commands.find((command) => !choice || command.selector === choice.value);
}

// A parameter that is left empty is not sent, except in the path, which has no way to leave one out.
function given(place) {
  const inputs = [...panel().querySelectorAll(`[data-place=${place}]`)];
  return inputs.map((input) => [input.dataset.name, input.value]).filter(([, value]) => value || place === "path");
}

function target() {
  const values = Object.fromEntries(given("path"));
  const path = operation().path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const query = given("query").flatMap(([name, value]) =>
    (operation().lists.includes(name) ? value.split(",") : [value]).map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`),
  );
  return query.length ? `${path}?${query.join("&")}` : path;
}

function show() {
  for (const one of document.querySelectorAll("[data-operation]")) one.hidden = one !== panel();
  at("body-row").hidden = !operation().mediaType;
  if (at("token-row")) at("token-row").hidden = !operation().tokenHeader;
  fill();
}

function fill() {
  at("body").value = operation().mediaType ? JSON.stringify(chosen().example, null, 2) : "";
}

function headers() {
  const { mediaType, tokenHeader, tokenPrefix } = operation();
  const lines = Object.fromEntries(given("header"));
  if (mediaType) lines["Content-Type"] = mediaType;
  if (tokenHeader && at("token").value) lines[tokenHeader] = tokenPrefix + at("token").value;
  if (at("prefer").value) lines.Prefer = at("prefer").value;
  return lines;
}

function quoted(text) {
  return "'" + text.replaceAll("'", "'\\''") + "'";
}

// The token goes to the clipboard as a variable, so that the line can be pasted into a report.
function curl() {
  const { method, mediaType, tokenHeader, tokenPrefix } = operation();
  const parts = ["curl", "-X", method, quoted(location.origin + target())];
  for (const [name, value] of Object.entries(headers())) {
    parts.push("-H", name === tokenHeader ? `"${name}: ${tokenPrefix}$TOKEN"` : quoted(`${name}: ${value}`));
  }
  for (const [name, value] of given("cookie")) parts.push("-b", quoted(`${name}=${value}`));
  return [...parts, ...(mediaType ? ["--data-binary", quoted(at("body").value)] : [])].join(" ");
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function say(status, text, meta) {
  const line = at("status");
  line.textContent = "";
  if (status) {
    const number = document.createElement("b");
    number.className = `status s${String(status)[0]}`;
    number.textContent = status;
    line.append(number);
  } else {
    line.textContent = "No answer came.";
  }
  at("answer").hidden = !text;
  at("answer").textContent = text;
  at("meta").textContent = meta;
}

async function send(event) {
  event.preventDefault();
  const started = performance.now();
  const spent = () => `${Math.round(performance.now() - started)} ms`;
  try {
    const { method, mediaType } = operation();
    // A page cannot name cookies in a request; the browser sends those of this site.
    for (const [name, value] of given("cookie")) document.cookie = `${name}=${encodeURIComponent(value)}; SameSite=Strict`;
    const answer = await fetch(target(), { method, headers: headers(), ...(mediaType && { body: at("body").value }) });
    const text = await answer.text();
    const seen = ["content-type", "retry-after", "x-request-id"].filter((name) => answer.headers.has(name));
    say(answer.status, pretty(text), [spent(), ...seen.map((name) => `${name}: ${answer.headers.get(name)}`)].join("; "));
  } catch (error) {
    say(0, String(error.message || error), spent());
  }
}

async function copy() {
  try {
    await navigator.clipboard.writeText(curl());
    at("copied").textContent = "Copied; set TOKEN before you run it.";
  } catch {
    at("copied").textContent = "This browser does not let the page copy.";
  }
}

function filter() {
  const wanted = at("filter").value.trim().toLowerCase();
  let shown = 0;
  for (const group of document.querySelectorAll(".group")) {
    let any = false;
    for (const row of group.querySelectorAll("tbody tr")) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      any ||= !row.hidden;
      shown += row.hidden ? 0 : 1;
    }
    group.hidden = !any;
  }
  at("count").textContent = `${shown} clauses`;
}

for (const input of document.querySelectorAll("input[type=radio]")) input.addEventListener("change", fill);
at("operation").addEventListener("change", show);
at("form").addEventListener("submit", send);
at("copy").addEventListener("click", copy);
at("filter").addEventListener("input", filter);
show();
filter();
