using System.Globalization;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;

namespace Atm0s.Sip.Registrar;

/// <summary>Answers that only a registrar gives.</summary>
internal static class RegisterResponses
{
    /// <summary>200 with every binding of the user and the seconds it has left (RFC 3261 §10.3 step 8).</summary>
    public static void WriteOk(
        PooledBufferWriter buffer,
        SipStack stack,
        SipMessage request,
        ReadOnlySpan<Binding> bindings,
        TimeSpan now,
        IReadOnlyList<string> path)
    {
        var writer = new SipWriter(buffer);
        stack.StatelessTags.Begin(writer, request, 200, null);
        foreach (var binding in bindings)
        {
            writer.BeginHeader(SipHeaderId.Contact);
            writer.Value("<"u8);
            writer.Value(binding.Info.Contact);
            writer.Value(">;expires="u8);
            writer.Value((uint)Math.Clamp((long)(binding.ExpiresAt - now).TotalSeconds, 0, uint.MaxValue));
            WriteInstance(writer, binding.Info);
            writer.EndHeader();
        }

        // RFC 3327 §5.3: the phone learns which path was kept.
        for (var i = 0; i < path.Count; i++)
        {
            writer.BeginHeader(SipHeaderId.Path);
            writer.Value("<"u8);
            writer.Value(path[i]);
            writer.Value(">"u8);
            writer.EndHeader();
        }

        if (stack.Options.Product is { } product)
            writer.Header(SipHeaderId.Server, product);
        writer.End();
    }

    // RFC 5626 §4.2: by these a phone finds its own among the contacts of its user.
    private static void WriteInstance(SipWriter writer, RegistrationInfo info)
    {
        if (info.InstanceId is null)
            return;
        writer.Value(";+sip.instance=\"<"u8);
        writer.Value(info.InstanceId);
        writer.Value(">\""u8);
        if (info.RegId is not { } id)
            return;
        writer.Value(";reg-id="u8);
        writer.Value((uint)id);
    }

    /// <summary>423 with the shortest time we grant (RFC 3261 §10.3 step 7, §20.23).</summary>
    public static void WriteTooBrief(PooledBufferWriter buffer, SipStack stack, SipMessage request, TimeSpan minExpires) =>
        ServerResponses.Write(
            buffer, stack, request, 423,
                headers: [(SipHeaderId.MinExpires, ((long)minExpires.TotalSeconds).ToString(CultureInfo.InvariantCulture))]);
}
