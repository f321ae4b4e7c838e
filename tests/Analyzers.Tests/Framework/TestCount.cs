using System.Reflection;

namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>How many tests a rule has: facts, and rows of theories, of the classes that derive from its <see cref="RuleTest{TAnalyzer, TFix}"/> or <see cref="DeploymentTest{TAnalyzer}"/>.</summary>
internal static class TestCount
{
    public static int Of(Type analyzer) =>
        typeof(TestCount).Assembly.GetTypes().Where(type => IsTestOf(type, analyzer)).SelectMany(type => type.GetMethods()).Sum(Cases);

    private static bool IsTestOf(Type type, Type analyzer)
    {
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.IsGenericType && (at.GetGenericTypeDefinition() == typeof(RuleTest<,>) || at.GetGenericTypeDefinition() == typeof(DeploymentTest<>)))
                return at.GetGenericArguments()[0] == analyzer;
        }

        return false;
    }

    private static int Cases(MethodInfo test) =>
        test.GetCustomAttribute<FactAttribute>() is null ? 0 : Math.Max(1, test.GetCustomAttributes<Xunit.Sdk.DataAttribute>().Sum(data => data.GetData(test).Count()));
}
