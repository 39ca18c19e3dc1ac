using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls;

/// <summary>
/// What the host has said of the audio of a call: it holds for whatever leg the call has, and for who takes its place. Changed on the
/// call's shard, read by any thread.
/// </summary>
internal sealed class CallOrders(Call call)
{
    private volatile bool _isMuted;
    private double _gain;
    private volatile object? _automaticGain; // a bool, once the host has said so

    /// <summary>Whether the room does not hear the phone.</summary>
    public bool IsMuted => _isMuted;

    /// <summary>How much louder the room hears the phone, in dB.</summary>
    public double Gain => Volatile.Read(ref _gain);

    /// <summary>Whether its gain follows the voice.</summary>
    public bool HasAutomaticGain => _automaticGain is bool on ? on : call.Services.Options.Media.AutomaticGain;

    /// <summary>Lets the room hear the phone no more, or again.</summary>
    /// <returns>False when that is so already.</returns>
    public bool TryMute(bool muted)
    {
        if (_isMuted == muted)
            return false;
        _isMuted = muted;
        call.Audio?.Rtp.SetMuted(muted);
        return true;
    }

    /// <summary>Lets the room hear the phone louder or softer, in dB.</summary>
    /// <returns>False when that is so already.</returns>
    public bool TrySetGain(double decibels)
    {
        if (Gain.Equals(decibels))
            return false;
        Volatile.Write(ref _gain, decibels);
        call.Audio?.Rtp.SetGain(decibels);
        return true;
    }

    /// <summary>Lets the gain follow the voice, or no more.</summary>
    /// <returns>False when that is so already.</returns>
    public bool TrySetAutomaticGain(bool on)
    {
        if (HasAutomaticGain == on)
            return false;
        _automaticGain = on;
        call.Audio?.Rtp.SetAutomaticGain(on);
        return true;
    }

    /// <summary>The call has another leg, or its first.</summary>
    public void ApplyTo(RtpLeg leg)
    {
        if (_isMuted)
            leg.SetMuted(true);
        if (Gain is not 0 and var gain)
            leg.SetGain(gain);
        if (_automaticGain is bool on)
            leg.SetAutomaticGain(on);
    }

    /// <summary>The call takes the place of another: what was said of that one holds.</summary>
    public void Follow(CallOrders other)
    {
        TryMute(other.IsMuted);
        TrySetGain(other.Gain);
        TrySetAutomaticGain(other.HasAutomaticGain);
    }
}
