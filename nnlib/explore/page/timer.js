// A timer. It goes by the time of day and counts no ticks: a tab that slept, or was loaded again, is right.
const TICK = 200; // milliseconds from look to look
const SAID = [30, 10, 5, 2, 1]; // minutes left that a screen reader is told of

export default {
  initialize: hear,

  render({ model, el }) {
    const digits = make("div", { className: "nn-digits" }), told = make("div", { className: "nn-spoken" });
    const rest = make("div", { className: "nn-rest" }), bar = make("div", { className: "nn-time" }, rest);
    const [start, more, reset] = ["Start", "+1 minute", "Reset"].map(
      (textContent) => make("button", { type: "button", textContent }),
    );
    const hands = make("div", { className: "nn-hands" }, start, more, reset);
    const face = make("div", { className: "nn-timer" }, digits, bar, hands, told);
    digits.setAttribute("role", "timer"); // read when asked for; a screen reader does not follow it
    bar.setAttribute("aria-hidden", "true");
    told.setAttribute("aria-live", "polite");

    const clock = () => model.get("clock");
    const left = () => {
      const { left, ends } = clock();
      return ends ? Math.max(0, (ends - Date.now()) / 1000) : left;
    };
    const go = (changes) => {
      model.set("clock", { ...clock(), ...changes });
      model.save_changes();
    };
    const run = (seconds, changes) => go({ ...changes, left: seconds, ends: Date.now() + 1000 * seconds });
    start.onclick = () => {
      if (clock().ends) go({ left: left(), ends: 0 });
      else run(left() || 60 * clock().minutes);
    };
    more.onclick = () => {
      const minutes = clock().minutes + 1, seconds = left() + 60;
      if (clock().ends || !left()) run(seconds, { minutes });
      else go({ minutes, left: seconds });
    };
    reset.onclick = () => {
      const minutes = model.get("first");
      go({ minutes, left: 60 * minutes, ends: 0 });
    };

    let before = null; // minutes left at the last look
    const look = () => {
      const { minutes, ends } = clock(), seconds = left(), up = seconds === 0;
      if (ends && up) { go({ left: 0, ends: 0 }); return; } // and look again
      const whole = Math.ceil(seconds - 0.001), minute = Math.ceil(whole / 60), all = 60 * minutes;
      const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
      write(digits, up ? "Time is up" : time);
      write(start, ends ? "Pause" : up ? "Start again" : seconds < all - 0.05 ? "Go on" : "Start");
      face.classList.toggle("nn-up", up);
      rest.style.width = `${up ? 100 : Math.min(100, (100 * whole) / all)}%`;
      if (!ends) write(told, "");
      else if (before > minute && SAID.includes(minute)) {
        write(told, `${minute} ${minute === 1 ? "minute" : "minutes"} left.`);
      }
      before = minute;
    };
    const timer = setInterval(look, TICK);
    document.addEventListener("visibilitychange", look);
    const unfollow = follow(model, { clock: look });
    el.append(face);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      unfollow();
    };
  },
};
