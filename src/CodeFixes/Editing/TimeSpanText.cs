using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>Writes times as people do.</summary>
internal static class TimeSpanText
{
    /// <summary><c>TimeSpan.FromSeconds(5)</c>, or in milliseconds where the seconds aren't whole.</summary>
    public static ExpressionSyntax Of(string milliseconds)
    {
        var time = double.Parse(milliseconds, CultureInfo.InvariantCulture);
        return SyntaxFactory.ParseExpression(time % 1000 == 0
            ? $"TimeSpan.FromSeconds({(time / 1000).ToString(CultureInfo.InvariantCulture)})"
            : $"TimeSpan.FromMilliseconds({milliseconds})");
    }
}
