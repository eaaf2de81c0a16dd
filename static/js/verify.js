/* Hashes a chosen or dropped file in the browser, so that it need not be sent: the form carries
   the digests to compare with. Where the browser cannot (plain http), the form is sent. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-verify]");
  if (!form) return;
  const canHash = Boolean(window.crypto && window.crypto.subtle);
  const input = form.querySelector("input[type=file]");
  const place = document.getElementById("match");

  async function digest(buffer) {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const words = (text) => text.split(" ").filter(Boolean);

  async function matchOf(file) {
    const whole = await file.arrayBuffer();
    const valid = words(form.dataset.verify).map((entry) => entry.split(":"));
    const found = await digest(whole);
    if (valid.some(([sha]) => sha === found)) return "original";
    // A signature is appended to a PDF; its first bytes stay as they were.
    for (const [sha, length, format] of valid) {
      if (format !== "pdf" || whole.byteLength <= Number(length)) continue;
      if (await digest(whole.slice(0, Number(length))) === sha) return "extended";
    }
    return words(form.dataset.earlier).includes(found) ? "earlier" : "other";
  }

  async function compare(file) {
    if (!file || !canHash) return;
    const match = await matchOf(file);
    const template = document.querySelector(`template[data-match="${match}"]`);
    place.replaceChildren(template.content.cloneNode(true));
    place.focus();
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length || !canHash) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    compare(input.files[0]);
  }, true);
  input.addEventListener("change", () => compare(input.files[0]));
  // Chosen before this script was there.
  compare(input.files[0]);
  // Anywhere on the page: a file that misses the field would otherwise replace the page.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    if (canHash) compare(input.files[0]);
    else form.requestSubmit();
  });
})();
