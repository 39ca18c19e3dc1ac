namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Option tags, and what a message says of them and of methods (RFC 3261 §19.2, §20.5, §20.32, §20.37).</summary>
internal static class OptionTags
{
    /// <summary>RFC 3262.</summary>
    public static ReadOnlySpan<byte> Reliable => "100rel"u8;

    /// <summary>RFC 4028.</summary>
    public static ReadOnlySpan<byte> Timer => "timer"u8;

    /// <summary>RFC 3891.</summary>
    public static ReadOnlySpan<byte> Replaces => "replaces"u8;

    /// <summary>RFC 4488.</summary>
    public static ReadOnlySpan<byte> NoReferSub => "norefersub"u8;

    /// <summary>RFC 4538.</summary>
    public static ReadOnlySpan<byte> TargetDialog => "tdialog"u8;

    /// <summary>Whether the sender supports an extension. What it requires it supports too (RFC 3262 §3).</summary>
    public static bool Supports(this SipMessage message, ReadOnlySpan<byte> tag) =>
        message.HasToken(SipHeaderId.Supported, tag) || message.HasToken(SipHeaderId.Require, tag);

    /// <summary>Whether the message requires an extension.</summary>
    public static bool Requires(this SipMessage message, ReadOnlySpan<byte> tag) => message.HasToken(SipHeaderId.Require, tag);

    /// <summary>Whether the sender's Allow lists a method; methods are compared with case. Null when it says nothing (§20.5).</summary>
    public static bool? Allows(this SipMessage message, SipMethod method)
    {
        if (!message.TryGetHeader(SipHeaderId.Allow, out _))
            return null;
        foreach (var value in message.GetValues(SipHeaderId.Allow))
        {
            if (value.SequenceEqual(method.ToToken()))
                return true;
        }

        return false;
    }
}
