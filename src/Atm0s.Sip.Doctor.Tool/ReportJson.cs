using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Doctor.Tool;

/// <summary>How a report is written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static string Write(DoctorReport report) => JsonSerializer.Serialize(report, Default.DoctorReport);
}
