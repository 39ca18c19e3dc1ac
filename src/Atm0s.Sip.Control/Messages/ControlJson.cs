using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Control.Messages;

/// <summary>How the control API writes its messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 16)]
[JsonSerializable(typeof(InviteClientRequest))]
[JsonSerializable(typeof(InviteUserRequest))]
[JsonSerializable(typeof(InviteServerRequest))]
[JsonSerializable(typeof(InviteTrunkRequest))]
[JsonSerializable(typeof(Envelope<InviteStarted>))]
[JsonSerializable(typeof(Envelope<string>))]
[JsonSerializable(typeof(IReadOnlyList<CallResource>))]
[JsonSerializable(typeof(IReadOnlyList<RoomResource>))]
[JsonSerializable(typeof(RoomResource))]
[JsonSerializable(typeof(IReadOnlyList<RegistrationResource>))]
[JsonSerializable(typeof(IReadOnlyList<TrunkResource>))]
[JsonSerializable(typeof(TrunkRequest))]
[JsonSerializable(typeof(RejectRequest))]
[JsonSerializable(typeof(MuteRequest))]
[JsonSerializable(typeof(GainRequest))]
[JsonSerializable(typeof(DtmfRequest))]
[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(CommandDone))]
[JsonSerializable(typeof(TransferCommand))]
[JsonSerializable(typeof(TransferAnswer))]
[JsonSerializable(typeof(IReadOnlyList<CallNoteResource>))]
[JsonSerializable(typeof(IReadOnlyList<WireMessageResource>))]
[JsonSerializable(typeof(CallReportResource))]
[JsonSerializable(typeof(EndedCallsResource))]
[JsonSerializable(typeof(CallHookEvent))]
[JsonSerializable(typeof(UnregisteredMessage))]
[JsonSerializable(typeof(RoomMessage))]
[JsonSerializable(typeof(MissedMessage))]
[JsonSerializable(typeof(SettingsChangedMessage))]
[JsonSerializable(typeof(SettingsRefusedMessage))]
[JsonSerializable(typeof(SnapshotMessage))]
public sealed partial class ControlJson : JsonSerializerContext;
