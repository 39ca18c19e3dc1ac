// The test's phone over JsSIP.
import * as Library from "jssip";
import { listen } from "./listen.js";

const JsSIP = Library.default ?? Library;
const media = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };
let agent, session;

window.phone = {
  ended: 0,
  start: ({ server, user, password, domain }) => new Promise((done, fail) => {
    agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(server)], uri: `sip:${user}@${domain}`, authorization_user: user, password, register_expires: 60,
      session_timers: false,
    });
    agent.on("registered", () => done());
    agent.on("registrationFailed", (event) => fail(new Error(event.cause)));
    agent.on("newRTCSession", (event) => {
      session = event.session;
      session.on("ended", () => { window.phone.ended++; });
      session.on("failed", () => { window.phone.ended++; });
      if (event.originator === "remote") session.answer(media);
    });
    agent.start();
  }),
  call: (target) => new Promise((done, fail) => {
    agent.call(target, { ...media, eventHandlers: { confirmed: () => done(), failed: (event) => fail(new Error(event.cause)) } });
  }),
  hangUp: () => { session.terminate(); },
  press: (key) => { session.sendDTMF(key, { transportType: "RFC2833" }); return true; },
  mute: (muted) => { if (muted) session.mute(); else session.unmute(); },
  connection: () => session?.connection,
  hear: () => listen(window.phone.connection()),
};
