namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Session-Expires (RFC 4028 §4): the session interval and who refreshes.</summary>
/// <param name="Seconds">The session interval, seconds.</param>
/// <param name="Refresher">Who refreshes.</param>
internal readonly record struct SessionExpires(uint Seconds, SessionRefresher Refresher = SessionRefresher.None)
{
    /// <summary>Reads the field of a message. False when there is none that can be read.</summary>
    public static bool TryRead(SipMessage message, out SessionExpires field)
    {
        field = default;
        return message.TryGetHeader(SipHeaderId.SessionExpires, out var value) && TryParse(value, out field);
    }

    /// <summary>Reads a value. A refresher of neither kind is a generic parameter and says nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out SessionExpires field)
    {
        field = default;
        if (!FieldParts.TryReadSeconds(value, out var seconds, out var parameters))
            return false;
        var refresher = SessionRefresher.None;
        if (SipParameters.TryGet(parameters, "refresher"u8, out var who))
        {
            if (SipChars.EqualsIgnoreCase(who, "uac"u8))
                refresher = SessionRefresher.Uac;
            else if (SipChars.EqualsIgnoreCase(who, "uas"u8))
                refresher = SessionRefresher.Uas;
        }

        field = new SessionExpires(seconds, refresher);
        return true;
    }

    /// <summary>The value as it is written.</summary>
    public override string ToString() => Refresher switch
    {
        SessionRefresher.Uac => $"{Seconds};refresher=uac",
        SessionRefresher.Uas => $"{Seconds};refresher=uas",
        _ => $"{Seconds}",
    };
}
