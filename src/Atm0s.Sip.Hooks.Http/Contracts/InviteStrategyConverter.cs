using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Names in exact case; the converter of the framework also takes other cases and numbers.</summary>
internal sealed class InviteStrategyConverter : JsonConverter<InviteStrategy>
{
    public override InviteStrategy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A strategy is a string.");
        if (reader.ValueTextEquals("Reject"u8))
            return InviteStrategy.Reject;
        if (reader.ValueTextEquals("Accept"u8))
            return InviteStrategy.Accept;
        return reader.ValueTextEquals("WaitOtherPeers"u8) ? InviteStrategy.WaitOtherPeers : InviteStrategy.Unknown;
    }

    public override void Write(Utf8JsonWriter writer, InviteStrategy value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value switch
    {
        InviteStrategy.Reject => "Reject"u8,
        InviteStrategy.Accept => "Accept"u8,
        InviteStrategy.WaitOtherPeers => "WaitOtherPeers"u8,
        _ => throw new JsonException("A strategy to send is Reject, Accept or WaitOtherPeers."),
    });
}
