using Atm0s.Sip.Media.Quality;

namespace Atm0s.Sip.Media.Tests.Quality;

[TestFixture]
[Property("itu", "G.107")]
public class EModelTests
{
    [Test]
    public void Rate_AllDefaults_IsTheValueOfTheRecommendation()
    {
        Assert.That(EModel.BestRating, Is.EqualTo(93.2).Within(0.05));
        Assert.That(EModel.MeanOpinionScore(EModel.BestRating), Is.EqualTo(4.41).Within(0.005));
    }

    [TestCase(0, 1.0)]
    [TestCase(50, 2.58)]
    [TestCase(60, 3.10)]
    [TestCase(70, 3.60)]
    [TestCase(80, 4.03)]
    [TestCase(90, 4.34)]
    [TestCase(100, 4.5)]
    public void MeanOpinionScore_RatingsOfAnnexB_AreItsScores(double rating, double score) =>
        Assert.That(EModel.MeanOpinionScore(rating), Is.EqualTo(score).Within(0.01));

    [Test]
    public void MeanOpinionScore_AnyRating_IsBetween1And4AndAHalf()
    {
        Assert.That(new[] { -50.0, 1, 3, 6, 99.9, 200 }.Select(EModel.MeanOpinionScore), Is.All.InRange(1, 4.5));
        Assert.That(EModel.MeanOpinionScore(double.NaN), Is.EqualTo(1));
    }

    // 95 * Ppl / (Ppl + 25.1), from 93.2 (§7.4; G.113 table I.4).
    [TestCase(0.01, 89.6, 4.33)]
    [TestCase(0.02, 86.2, 4.24)]
    [TestCase(0.03, 83.1, 4.13)]
    [TestCase(0.05, 77.4, 3.92)]
    [TestCase(0.10, 66.1, 3.41)]
    [TestCase(0.20, 51.1, 2.63)]
    public void Rate_RandomLossOfG711_IsThatOfTheFormula(double lost, double rating, double score)
    {
        var rated = EModel.Rate(TimeSpan.Zero, lost, 1, CodecImpairment.G711);

        Assert.That(rated, Is.EqualTo(rating).Within(0.1));
        Assert.That(EModel.MeanOpinionScore(rated), Is.EqualTo(score).Within(0.01));
    }

    // The lines that Cole and Rosenbluth (2001) laid along the curve of the recommendation: 0.024 d, and 0.11 more for each ms over 177.3.
    [TestCase(20)]
    [TestCase(50)]
    [TestCase(100)]
    [TestCase(150)]
    [TestCase(200)]
    [TestCase(250)]
    [TestCase(300)]
    public void Rate_Delay_FollowsThePublishedCurve(int milliseconds)
    {
        var line = 93.2 - (0.024 * milliseconds) - (0.11 * Math.Max(0, milliseconds - 177.3));

        Assert.That(EModel.Rate(TimeSpan.FromMilliseconds(milliseconds), 0, 1, CodecImpairment.G711), Is.EqualTo(line).Within(0.5));
    }

    [Test]
    public void Rate_CodecOfG113_LosesItsImpairment()
    {
        // G.729A with silence suppression: Ie 11, Bpl 19; its published score is 4.10.
        var rated = EModel.Rate(TimeSpan.Zero, 0, 1, new CodecImpairment(11, 19));

        Assert.That(rated, Is.EqualTo(82.2).Within(0.1));
        Assert.That(EModel.MeanOpinionScore(rated), Is.EqualTo(4.10).Within(0.01));
    }

    [Test]
    public void Rate_LossInBursts_IsWorseThanAtRandom()
    {
        var random = EModel.Rate(TimeSpan.Zero, 0.05, 1, CodecImpairment.G711);
        var bursts = EModel.Rate(TimeSpan.Zero, 0.05, 2, CodecImpairment.G711);

        // 95 * 5 / (5 / 2 + 25.1).
        Assert.That(bursts, Is.EqualTo(93.2 - 17.2).Within(0.1));
        Assert.That(bursts, Is.LessThan(random));
    }

    [Test]
    public void Rate_MoreOfAnything_IsNeverBetter()
    {
        for (var delay = 0; delay < 900; delay += 10)
            Assert.That(Rate(delay + 10, 0.02, 1), Is.LessThanOrEqualTo(Rate(delay, 0.02, 1)));
        for (var lost = 0.0; lost < 1; lost += 0.01)
            Assert.That(Rate(50, lost + 0.01, 1), Is.LessThanOrEqualTo(Rate(50, lost, 1)));
        for (var burst = 1.0; burst < 20; burst += 0.5)
            Assert.That(Rate(50, 0.02, burst + 0.5), Is.LessThanOrEqualTo(Rate(50, 0.02, burst)));
    }

    [TestCase(-5.0, -1.0, 0.0)]
    [TestCase(0.0, double.NaN, double.NaN)]
    public void Rate_ValuesOutOfRange_CountAsTheNearest(double delay, double lost, double burst) =>
        Assert.That(Rate(delay, lost, burst), Is.EqualTo(EModel.BestRating).Within(1e-9));

    [Test]
    public void Rate_EverythingAtItsWorst_IsZero()
    {
        Assert.That(Rate(1e9, 5, 1e9), Is.Zero);
        Assert.That(EModel.Rate(TimeSpan.MaxValue, 1, 1, new CodecImpairment(500, -1)), Is.Zero);
    }

    [TestCase("PCMA", 0, 25.1)]
    [TestCase("pcmu", 0, 25.1)]
    [TestCase("G722", 0, 25.1)]
    [TestCase("L16", 0, 25.1)]
    [TestCase("OPUS", 0, 19.5)]
    [TestCase("speex", 0, 4.3)]
    public void Of_Name_IsTheCodecsFigures(string name, double impairment, double robustness) =>
        Assert.That(CodecImpairment.Of(name), Is.EqualTo(new CodecImpairment(impairment, robustness)));

    private static double Rate(double milliseconds, double lost, double burst) =>
        EModel.Rate(TimeSpan.FromMilliseconds(milliseconds), lost, burst, CodecImpairment.G711);
}
