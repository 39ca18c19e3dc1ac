namespace Atm0s.Sip.LoadGenerator.Wire;

/// <summary>Answers requests of the server (RFC 3261 §8.2.6).</summary>
internal static class ResponseWriter
{
    public static void Write(SipWriter writer, ReadOnlySpan<byte> request, int status)
    {
        writer.Text("SIP/2.0 "u8).Number(status).Text(status == 200 ? " OK\r\n"u8 : " Gone\r\n"u8);
        var at = 0;
        while (SipReader.NextHeader(request, ref at, "Via"u8, "v"u8) is { Length: > 0 } via)
            writer.Text("Via: "u8).Text(via).Text("\r\n"u8);
        Copy(writer, request, "From"u8, "f"u8);
        Copy(writer, request, "To"u8, "t"u8);
        Copy(writer, request, "Call-ID"u8, "i"u8);
        Copy(writer, request, "CSeq"u8, default);
        writer.Body(default);
    }

    private static void Copy(SipWriter writer, ReadOnlySpan<byte> request, ReadOnlySpan<byte> name, ReadOnlySpan<byte> shortName) =>
        writer.Text(name).Text(": "u8).Text(SipReader.Header(request, name, shortName)).Text("\r\n"u8);
}
