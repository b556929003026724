/**
 * Runs in the scanner's page before it does, in the chaos tests only.
 *
 * It notes what a guard sees, gives the phone clocks that can be set and a store that can fail, and
 * leaves the page's own code as it is. What it notes goes to the console, as a page that is killed
 * takes nothing back that it has said there.
 */
(() => {
  if (window.top !== window || window.__chaos || !navigator.mediaDevices) return;

  // `wall` and `slept`: how far the clocks are off. `hold`, `abort`: see the store below.
  const chaos = { wall: 0, slept: 0, hold: "", abort: {}, frames: [] };
  window.__chaos = chaos;
  const say = (kind, facts) => console.debug(`chaos ${JSON.stringify({ kind, ...facts })}`);

  /* Clocks */

  const RealDate = Date;
  const realNow = Date.now.bind(Date);
  const realMono = performance.now.bind(performance);
  Date.now = () => realNow() + chaos.wall;
  window.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [RealDate.now()]));
    }
  };
  performance.now = () => realMono() - chaos.slept;

  /* What the guard sees */

  let last = "";
  const look = () => {
    const light = document.getElementById("result");
    if (!light) return;
    const isSeen = !light.hidden && light.getClientRects().length > 0;
    const { code = "", scan = "", light: colour = "" } = light.dataset;
    const now = isSeen ? `${scan} ${code} ${colour}` : "";
    if (now && now !== last) say("shown", { scan, code, light: colour, wall_ms: realNow() });
    last = now;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });

  /* The store: at `abort[point]` the next so many transactions fail, at `hold` what was written is on
     the disk and the page is never told, as when it is killed at that very moment. A point is
     `store` or `store:state`, with `+seen` where the guard has seen it, `+wave` for an override. */

  const pointOf = (store, value) => {
    if (store !== "scans") return store;
    return `scans:${value.state}${value.seen ? "+seen" : ""}${value.record.override ? "+wave" : ""}`;
  };
  const held = new WeakMap();
  for (const name of ["put", "add"]) {
    const real = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (value, ...rest) {
      const point = pointOf(this.name, value);
      const request = real.call(this, value, ...rest);
      if (chaos.hold === point) held.set(this.transaction, point);
      if (chaos.abort[point] > 0) {
        chaos.abort[point] -= 1;
        const { transaction } = this;
        request.addEventListener("success", () => transaction.abort());
        say("aborted", { point });
      }
      return request;
    };
  }
  const listen = IDBTransaction.prototype.addEventListener;
  IDBTransaction.prototype.addEventListener = function (type, listener, ...rest) {
    if (type !== "complete") return listen.call(this, type, listener, ...rest);
    const told = (event) => {
      const point = held.get(this);
      if (point) say("held", { point });
      else listener.call(this, event);
    };
    return listen.call(this, type, told, ...rest);
  };

  /* A camera before which codes are held: `frames` is what it sees, a square of modules. */

  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 640, height: 640 });
    const context = canvas.getContext("2d");
    const draw = () => {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = "#000";
      const side = Math.floor(canvas.width / (chaos.frames.length || 1));
      chaos.frames.forEach((row, y) =>
        row.forEach((dark, x) => dark && context.fillRect(x * side, y * side, side, side)),
      );
    };
    draw();
    setInterval(draw, 60);
    return canvas.captureStream(15);
  };
})();
