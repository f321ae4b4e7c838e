namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>The fact that a test shows: its number, what it says, and the rules that rest on it. <c>docs/facts.md</c> is made of these.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShowsAttribute(string number, string fact, params string[] rules) : Attribute
{
    public string Number => number;

    public string Fact => fact;

    public string[] Rules => rules;
}
