using System.Text.Json.Serialization;

namespace WebPhone.Talkers;

/// <summary>Writes talkers without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Talker>))]
internal sealed partial class TalkerJson : JsonSerializerContext;
