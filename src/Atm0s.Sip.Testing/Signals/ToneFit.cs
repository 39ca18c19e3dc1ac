namespace Atm0s.Sip.Testing.Signals;

/// <summary>Least squares of a constant and some sines of known frequency.</summary>
internal static class ToneFit
{
    /// <summary>Adds the mean power of each tone to <paramref name="tonePower"/>; returns the mean power of the rest.</summary>
    public static double Add(ReadOnlySpan<float> samples, int sampleRate, double[] frequencies, double[] tonePower)
    {
        var terms = (2 * frequencies.Length) + 1;
        var matrix = new double[terms, terms + 1];
        var row = new double[terms];
        for (var i = 0; i < samples.Length; i++)
        {
            Row(row, i, sampleRate, frequencies);
            for (var a = 0; a < terms; a++)
            {
                for (var b = 0; b < terms; b++)
                    matrix[a, b] += row[a] * row[b];
                matrix[a, terms] += row[a] * samples[i];
            }
        }

        var solution = Solve(matrix, terms);
        double rest = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            Row(row, i, sampleRate, frequencies);
            double error = samples[i];
            for (var a = 0; a < terms; a++)
                error -= row[a] * solution[a];
            rest += error * error;
        }

        for (var tone = 0; tone < frequencies.Length; tone++)
        {
            double cosine = solution[1 + (2 * tone)], sine = solution[2 + (2 * tone)];
            tonePower[tone] += ((cosine * cosine) + (sine * sine)) / 2;
        }

        return rest / samples.Length;
    }

    private static void Row(double[] row, int index, int sampleRate, double[] frequencies)
    {
        row[0] = 1;
        for (var tone = 0; tone < frequencies.Length; tone++)
            (row[2 + (2 * tone)], row[1 + (2 * tone)]) = Math.SinCos(2 * Math.PI * frequencies[tone] * index / sampleRate);
    }

    private static double[] Solve(double[,] matrix, int terms)
    {
        for (var pivot = 0; pivot < terms; pivot++) // positive definite: no exchange of rows needed
        {
            for (var line = 0; line < terms; line++)
            {
                if (line == pivot || matrix[pivot, pivot] == 0)
                    continue;
                var factor = matrix[line, pivot] / matrix[pivot, pivot];
                for (var column = pivot; column <= terms; column++)
                    matrix[line, column] -= factor * matrix[pivot, column];
            }
        }

        return [.. Enumerable.Range(0, terms).Select(i => matrix[i, i] == 0 ? 0 : matrix[i, terms] / matrix[i, i])];
    }
}
