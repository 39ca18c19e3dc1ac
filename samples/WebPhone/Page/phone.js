// A phone over SIP.js: signs in, calls, is called. Knows nothing of the page; tells it by events.
import { Inviter, Registerer, SessionState, UserAgent } from "./sip.js/index.js";

const media = { constraints: { audio: true, video: false } };
const reconnect = { first: 1000, most: 15000 }; // ms

export class Phone extends EventTarget {
  #agent; #registerer; #session; #pause = reconnect.first; #over = false; #timer;

  get session() { return this.#session; }

  /** Signs in; fails with a sentence. */
  async start({ user, password, server, domain }) {
    const uri = UserAgent.makeURI(`sip:${encodeURIComponent(user)}@${domain}`);
    if (!uri) throw new Error("The user name or the domain can't be used.");
    this.#agent = new UserAgent({
      uri, authorizationUsername: user, authorizationPassword: password, displayName: user, logLevel: "warn", gracefulShutdown: true,
      transportOptions: { server, keepAliveInterval: 25 },
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: 500, peerConnectionConfiguration: { iceServers: [] } },
      delegate: {
        onInvite: (invitation) => this.#onInvite(invitation),
        onDisconnect: (error) => { if (error) this.#onLost(); },
      },
    });
    try {
      await this.#agent.start();
    } catch {
      throw new Error("The server can't be reached.");
    }
    await this.#register();
    this.#tell("state", { state: "ready" });
  }

  /** Signs out and hangs up. */
  async stop() {
    this.#over = true;
    clearTimeout(this.#timer);
    try { await this.#registerer?.unregister(); } catch { /* The connection is gone. */ }
    try { await this.#agent?.stop(); } catch { /* The same. */ }
  }

  /** The page is left: says what still can be said. */
  leave() {
    this.#over = true;
    this.hangUp();
    this.#registerer?.unregister().catch(() => {});
  }

  /** Calls a room or number. */
  async call(number) {
    const target = UserAgent.makeURI(`sip:${encodeURIComponent(number)}@${this.#agent.configuration.uri.host}`);
    if (!target) throw new Error("This number can't be called.");
    const session = new Inviter(this.#agent, target, { sessionDescriptionHandlerOptions: media });
    this.#follow(session, number, false);
    try {
      await session.invite({ requestDelegate: { onReject: (response) => this.#tell("refused", { status: response.message.statusCode, reason: response.message.reasonPhrase }) } });
    } catch (error) {
      this.#session = undefined;
      throw new Error(error?.name === "NotAllowedError" ? "The microphone may not be used." : error?.name === "NotFoundError" ? "There is no microphone." : "The call could not be made.");
    }
  }

  async answer() {
    try {
      await this.#session.accept({ sessionDescriptionHandlerOptions: media });
    } catch (error) {
      this.#session?.reject?.({ statusCode: 480 }).catch(() => {});
      throw new Error(error?.name === "NotAllowedError" ? "The microphone may not be used." : "The call could not be answered.");
    }
  }

  hangUp() {
    const session = this.#session;
    if (!session) return;
    const done = session.state === SessionState.Established ? session.bye()
      : session instanceof Inviter ? session.cancel() : session.reject({ statusCode: 486 });
    done?.catch?.(() => {});
  }

  /** Others hear us no more, or again. */
  mute(muted) {
    for (const sender of this.connection?.getSenders() ?? []) if (sender.track?.kind === "audio") sender.track.enabled = !muted;
  }

  /** Sends a digit: in the audio (RFC 4733), or as INFO while the audio is not up or knows no digits. */
  digit(key) {
    const handler = this.#session?.sessionDescriptionHandler;
    const able = this.connection?.getSenders().some((sender) => sender.dtmf?.canInsertDTMF);
    if (able && handler.sendDtmf(key, { duration: 160, interToneGap: 70 })) return;
    this.#session?.info({ requestOptions: { body: { contentDisposition: "render", contentType: "application/dtmf-relay", content: `Signal=${key}\r\nDuration=160` } } });
  }

  /** The WebRTC connection of the call. */
  get connection() { return this.#session?.sessionDescriptionHandler?.peerConnection; }

  /** Name of the call on the wire: this page's alone. */
  get callId() { return this.#session?.dialog?.callId ?? this.#session?.request?.callId; }

  async #register() {
    // One for all connections: each has a timer of its own.
    this.#registerer ??= new Registerer(this.#agent, { expires: 120 });
    await new Promise((done, fail) => {
      this.#registerer.register({ requestDelegate: { onAccept: () => done(), onReject: (response) => fail(new Error(
        response.message.statusCode === 401 || response.message.statusCode === 403 ? "User or password is wrong." : `The server refused: ${response.message.statusCode} ${response.message.reasonPhrase}`)) } }).catch(fail);
    });
  }

  #onInvite(invitation) {
    if (this.#session) { invitation.reject({ statusCode: 486 }); return; }
    const from = invitation.remoteIdentity;
    this.#follow(invitation, from.displayName || from.uri.user || "unknown", true);
    invitation.delegate = { onCancel: () => {} };
    this.#tell("ringing", { from: from.displayName || from.uri.user || "Unknown" });
  }

  #follow(session, name, isIncoming) {
    this.#session = session;
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#tell("up", { name, isIncoming, stream: session.sessionDescriptionHandler.remoteMediaStream });
      if (state !== SessionState.Terminated) return;
      if (this.#session === session) this.#session = undefined;
      this.#tell("ended", { name });
    });
  }

  // Wi-Fi that changes, a server that starts again: the page connects again by itself, later and later.
  #onLost() {
    if (this.#over) return;
    this.#tell("state", { state: "lost" });
    this.#timer = setTimeout(async () => {
      try {
        await this.#agent.reconnect();
        await this.#register();
        this.#pause = reconnect.first;
        this.#tell("state", { state: "ready" });
      } catch {
        this.#pause = Math.min(2 * this.#pause, reconnect.most);
        this.#onLost();
      }
    }, this.#pause);
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

