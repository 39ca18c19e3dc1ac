using System.Text.Json.Serialization;

namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>How the dashboard writes its messages.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16)]
[JsonSerializable(typeof(LiveFrame))]
[JsonSerializable(typeof(CallDetail))]
[JsonSerializable(typeof(CallOrder))]
[JsonSerializable(typeof(RoomOrder))]
[JsonSerializable(typeof(DialOrder))]
[JsonSerializable(typeof(Done))]
internal sealed partial class DashboardJson : JsonSerializerContext;
