using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Corpus.Tests;

public sealed class ComparisonTests
{
    private static readonly Finding Loop = new("SHUT102", "src/Program.cs", 12);
    private static readonly Finding Build = new("SHUT101", "src/Program.cs", 5);

    [Fact]
    public void WhatIsFoundWhereItIsExpectedIsKnown()
    {
        var comparison = Comparison.Of([Loop, Build], [Right(Build), Right(Loop)]);
        Assert.True(comparison.IsAsExpected);
        Assert.Equal([Build, Loop], comparison.Known.Select(judgement => judgement.Finding));
    }

    [Fact]
    public void AFindingThatNobodyExpectsIsNew()
    {
        var comparison = Comparison.Of([Loop, Build], [Right(Build)]);
        Assert.False(comparison.IsAsExpected);
        Assert.Equal([Loop], comparison.New);
        Assert.Contains(comparison.Updated, judgement => judgement.Finding == Loop && judgement.Verdict == Judgement.Unjudged);
    }

    [Fact]
    public void AnExpectedOneThatIsNotFoundHasVanished()
    {
        var comparison = Comparison.Of([Build], [Right(Build), Right(Loop)]);
        Assert.False(comparison.IsAsExpected);
        Assert.Equal([Loop], comparison.Vanished.Select(judgement => judgement.Finding));
        Assert.DoesNotContain(comparison.Updated, judgement => judgement.Finding == Loop);
    }

    [Fact]
    public void TheSameRuleOnAnotherLineOfTheFileHasMovedAndKeepsItsVerdict()
    {
        var lower = Loop with { Line = 20 };
        var comparison = Comparison.Of([lower], [Right(Loop)]);
        Assert.False(comparison.IsAsExpected);
        Assert.Equal((Right(Loop), 20), Assert.Single(comparison.Moved));
        Assert.Empty(comparison.New);
        Assert.Empty(comparison.Vanished);
        Assert.Equal([Right(lower)], comparison.Updated);
    }

    [Theory]
    [InlineData("SHUT104", "src/Program.cs")]
    [InlineData("SHUT102", "src/Other.cs")]
    public void AnotherRuleOrFileIsNoMove(string rule, string file)
    {
        var comparison = Comparison.Of([new(rule, file, 20)], [Right(Loop)]);
        Assert.Empty(comparison.Moved);
        Assert.Single(comparison.New);
        Assert.Single(comparison.Vanished);
    }

    [Theory]
    [InlineData(Judgement.Unjudged, "")]
    [InlineData("right", "")]
    [InlineData("perhaps", "a reason")]
    public void WithoutAVerdictAndItsReasonTheRunFails(string verdict, string reason) =>
        Assert.False(Comparison.Of([Loop], [new(Loop, verdict, reason)]).IsAsExpected);

    [Fact]
    public void TheFileSaysTheSameWhenItIsReadAgain()
    {
        using var folder = new TemporaryFolder();
        Judgement[] judgements = [Right(Build), new(Loop, "arguable", "a \"quoted\" reason", IsCopy: true)];
        Expectations.Write(folder.File("one.json"), judgements.Reverse());
        Assert.Equal(judgements, Expectations.Read(folder.File("one.json")));
        Assert.Empty(Expectations.Read(folder.File("none.json")));
    }

    private static Judgement Right(Finding finding) => new(finding, "right", "it is so");
}
