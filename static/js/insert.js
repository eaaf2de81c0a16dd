/* Buttons that put a sentence into a text: <button data-insert="id of the field" data-sentence="…">.
   Without this script the server does the same. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert]");
    const field = button && document.getElementById(button.dataset.insert);
    if (!field) return;
    event.preventDefault();
    const typed = field.value.trimEnd();
    const sentence = button.dataset.sentence;
    // Pressed twice, it stands there once: the second time it is shown where it stands.
    if (!typed.includes(sentence)) {
      field.value = typed ? `${typed}\n${sentence}` : sentence;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
    const end = field.value.indexOf(sentence) + sentence.length;
    field.setSelectionRange(end, end);
  });
})();
