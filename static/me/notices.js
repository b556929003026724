// Push notices in this browser: nothing is asked before a press, and what stands there is true.
//
//   <section data-push data-key=… data-worker=… data-scope=… data-subscribe=… data-unsubscribe=…>
//     <p data-push-says="on">, "off", "denied", "unsupported", "failed"      one is shown
//     <button data-push-do="on">, "off"

const section = document.querySelector("[data-push]");
const words = section?.dataset ?? {};

function say(state) {
  for (const each of section.querySelectorAll("[data-push-says]")) {
    each.hidden = each.dataset.pushSays !== state;
  }
  section.querySelector('[data-push-do="on"]').hidden = !["off", "failed"].includes(state);
  section.querySelector('[data-push-do="off"]').hidden = state !== "on";
}

function tell(url, subscription) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(subscription),
  });
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration(words.scope);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return look();
  try {
    await navigator.serviceWorker.register(words.worker, { scope: words.scope });
    const registration = await navigator.serviceWorker.ready;
    // One made with another key of this server is of no use any more.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: words.key,
    });
    const answer = await tell(words.subscribe, subscription);
    if (!answer.ok) {
      await subscription.unsubscribe();
      return say("failed");
    }
  } catch {
    return say("failed");
  }
  return look();
}

async function turnOff() {
  const subscription = await current();
  if (subscription) {
    const answer = await tell(words.unsubscribe, subscription).catch(() => null);
    await subscription.unsubscribe();
    if (!answer?.ok) return say("failed");
  }
  return look();
}

async function look() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    return say("unsupported");
  }
  if (Notification.permission === "denied") return say("denied");
  return say((await current()) ? "on" : "off");
}

if (section) {
  section.querySelector('[data-push-do="on"]').addEventListener("click", turnOn);
  section.querySelector('[data-push-do="off"]').addEventListener("click", turnOff);
  look();
}
