namespace Atm0s.Sip.Tests.Calls.Ends;

/// <summary>How far a call has come when it ends.</summary>
internal enum CallScene
{
    Asking,
    Locating,
    Joining,
    Ringing,
    RingingReliably,
    HeldForThePrack,
    Unacknowledged,
    Up,
    ReInviteLocating,
    UpdateLocating,
    ReInviteUnacknowledged,
    OurReInvite,
    OurUpdate,
    Held,
    OnHold,
    OutJoining,
    OutCalling,
    OutTrying,
    OutRinging,
    OutReliably,
    OutEarlyMedia,
    OutForked,
    OutUp,
    OutReInviteUnacknowledged,
    OutOurReInvite,
    OutOnHold,
}
