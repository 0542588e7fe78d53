"use strict";

const contract = JSON.parse(document.getElementById("contract").textContent);
const at = (id) => document.getElementById(id);

function chosen() {
  const selector = document.querySelector("input[name=command]:checked").value;
  return contract.commands.find((command) => command.selector === selector);
}

function target() {
  const values = {};
  for (const input of document.querySelectorAll("[data-parameter]")) values[input.dataset.parameter] = input.value;
  return contract.path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(values[name]));
}

function fill() {
  at("body").value = JSON.stringify(chosen().example, null, 2);
}

function headers() {
  const lines = { "Content-Type": contract.mediaType };
  if (at("token").value) lines[contract.tokenHeader] = at("token").value;
  if (at("prefer").value) lines.Prefer = at("prefer").value;
  return lines;
}

function quoted(text) {
  return "'" + text.replaceAll("'", "'\\''") + "'";
}

// The token goes to the clipboard as a variable, so that the line can be pasted into a report.
function curl() {
  const parts = ["curl", "-X", contract.method, quoted(location.origin + target())];
  for (const [name, value] of Object.entries(headers())) {
    parts.push("-H", name === contract.tokenHeader ? `"${name}: $X_AUTH_TOKEN"` : quoted(`${name}: ${value}`));
  }
  return [...parts, "--data-binary", quoted(at("body").value)].join(" ");
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
    const answer = await fetch(target(), { method: contract.method, headers: headers(), body: at("body").value });
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
    at("copied").textContent = "Copied; set X_AUTH_TOKEN before you run it.";
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

for (const input of document.querySelectorAll("input[name=command]")) input.addEventListener("change", fill);
at("form").addEventListener("submit", send);
at("copy").addEventListener("click", copy);
at("filter").addEventListener("input", filter);
fill();
filter();
