// A form whose badge opens in a tab of its own leaves its page behind: the next person comes to the desk's first page.
//
//   <form data-leave-for="/organise/…/desk/"><button formtarget="_blank">
//
// A plain script that the page waits for, not a module: a module runs after the form can already be pressed, and on a
// slow line the form of a quick desk would then stay behind, filled in, to be sent again.

const AFTER_SENDING = 400; // milliseconds: the browser has taken the form by then

document.addEventListener("submit", (event) => {
  const next = event.target.dataset.leaveFor;
  if (!next || event.defaultPrevented || event.submitter?.formTarget !== "_blank") return;
  setTimeout(() => location.assign(next), AFTER_SENDING);
});
