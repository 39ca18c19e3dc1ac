namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>How calls are made.</summary>
/// <param name="Number">The number that is called; the number of the room follows when there are several.</param>
/// <param name="Rooms">Calls are spread over this many.</param>
/// <param name="Hold">From the answer to the BYE, in nanoseconds; <see cref="long.MaxValue"/> until the run ends.</param>
/// <param name="Codec">What is offered: pcma, or opus with pcma behind it.</param>
/// <param name="SendsAudio">Whether RTP is sent and heard; otherwise it is offered, but what comes is dropped unread.</param>
/// <param name="Inactive">Offers a stream in which nobody sends.</param>
internal sealed record CallPlan(
    string Number, int Rooms = 1, long Hold = 0, string Codec = "pcma", bool SendsAudio = false, bool Inactive = false);
