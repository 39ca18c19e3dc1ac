// The test's phone over SIP.js.
import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from "sip.js";
import { listen } from "./listen.js";

const media = { sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } };
let agent, session;

function follow(made) {
  session = made;
  made.stateChange.addListener((state) => { if (state === SessionState.Terminated) window.phone.ended++; });
}

window.phone = {
  ended: 0,
  async start({ server, user, password, domain }) {
    agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${user}@${domain}`), authorizationUsername: user, authorizationPassword: password, logLevel: "error",
      transportOptions: { server, connectionTimeout: 60 },
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: 500, peerConnectionConfiguration: { iceServers: [] } },
      delegate: { onInvite: (invitation) => { follow(invitation); invitation.accept(media); } },
    });
    await agent.start();
    const registerer = new Registerer(agent, { expires: 60 });
    await new Promise((done, fail) => {
      registerer.stateChange.addListener((state) => { if (state === RegistererState.Registered) done(); });
      registerer.register({ requestDelegate: { onReject: (response) => fail(new Error(`${response.message.statusCode}`)) } });
    });
  },
  call: (target) => new Promise((done, fail) => {
    const inviter = new Inviter(agent, UserAgent.makeURI(target), media);
    follow(inviter);
    inviter.stateChange.addListener((state) => { if (state === SessionState.Established) done(); });
    inviter.invite({ requestDelegate: { onReject: (response) => fail(new Error(`${response.message.statusCode} ${response.message.reasonPhrase}`)) } }).catch(fail);
  }),
  hangUp: () => { session.bye(); },
  press: (key) => session.sessionDescriptionHandler.sendDtmf(key),
  mute: (muted) => { for (const sender of window.phone.connection().getSenders()) sender.track.enabled = !muted; },
  connection: () => session?.sessionDescriptionHandler?.peerConnection,
  hear: () => listen(window.phone.connection()),
};
