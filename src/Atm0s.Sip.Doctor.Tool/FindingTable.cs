namespace Atm0s.Sip.Doctor.Tool;

/// <summary>A report as a table for people.</summary>
/// <param name="writer">Where to.</param>
/// <param name="width">Columns of a line.</param>
/// <param name="isColoured">Whether verdicts are coloured.</param>
internal sealed class FindingTable(TextWriter writer, int width, bool isColoured)
{
    private const int MinText = 30;

    public void Write(DoctorReport report)
    {
        var name = report.Findings.Select(finding => finding.Check.Length).DefaultIfEmpty(0).Max();
        var indent = name + 2 + 7 + 2;
        foreach (var finding in report.Findings)
        {
            var verdict = finding.Verdict switch
            {
                DoctorVerdict.Ok => "ok",
                DoctorVerdict.Warning => "warning",
                _ => "failed",
            };
            writer.Write(finding.Check.PadRight(name + 2));
            writer.Write(Coloured(finding.Verdict, verdict) + new string(' ', 7 + 2 - verdict.Length));
            WriteText(Plain(finding.Text), indent, isFirst: true);
            if (finding.Advice is { } advice)
                WriteText("> " + Plain(advice), indent, isFirst: false);
        }

        var counts = report.Findings.GroupBy(finding => finding.Verdict).ToDictionary(group => group.Key, group => group.Count());
        writer.Write(
            $"\n{counts.GetValueOrDefault(DoctorVerdict.Ok)} ok, {counts.GetValueOrDefault(DoctorVerdict.Warning)} warnings, "
            + $"{counts.GetValueOrDefault(DoctorVerdict.Failed)} failed\n");
    }

    private void WriteText(string text, int indent, bool isFirst)
    {
        var room = Math.Max(MinText, width - indent);
        while (text.Length > 0)
        {
            if (!isFirst)
                writer.Write(new string(' ', indent));
            isFirst = false;
            var end = text.Length <= room ? text.Length : text.LastIndexOf(' ', room);
            if (end <= 0)
                end = Math.Min(text.Length, room);
            writer.Write(text[..end] + "\n");
            text = text[end..].TrimStart(' ');
        }
    }

    private string Coloured(DoctorVerdict verdict, string text) => !isColoured ? text : verdict switch
    {
        DoctorVerdict.Ok => $"\u001b[32m{text}\u001b[0m",
        DoctorVerdict.Warning => $"\u001b[33m{text}\u001b[0m",
        _ => $"\u001b[31m{text}\u001b[0m",
    };

    // Names and answers of others stand in it.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
