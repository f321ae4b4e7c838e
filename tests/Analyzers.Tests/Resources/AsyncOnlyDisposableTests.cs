using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class AsyncOnlyDisposableTests : RuleTest<AsyncOnlyDisposable, AsyncOnlyDisposableFix>
{
    private static readonly Action<Code> Library = code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary;

    [Theory]
    [InlineData("using var [|scope|] = provider.CreateScope();", "await using var scope = provider.CreateAsyncScope();")]
    [InlineData("using IServiceScope [|scope|] = provider.CreateScope();", "await using var scope = provider.CreateAsyncScope();")]
    [InlineData("using var [|scope|] = provider.GetRequiredService<IServiceScopeFactory>().CreateScope();", "await using var scope = provider.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();")]
    [InlineData("using var [|scope|] = provider.CreateAsyncScope();", "await using var scope = provider.CreateAsyncScope();")]
    public Task Scopes(string declaration, string fixedDeclaration)
    {
        var body = "// A unit of work.\n        {0}\n        scope.ServiceProvider.GetRequiredService<Unit>().Save();\n        await Task.Yield();";
        return FixesAsync(InMethod(string.Format(null, body, declaration)), InMethod(string.Format(null, body, fixedDeclaration)), Library);
    }

    [Fact]
    public Task UsingStatement() => FixesAsync(
        InMethod("using (var [|scope|] = provider.CreateScope())\n        {\n            scope.ServiceProvider.GetService<IUnit>();\n        }"),
        InMethod("await using (var scope = provider.CreateAsyncScope())\n        {\n            scope.ServiceProvider.GetService<IUnit>();\n        }"),
        Library);

    [Fact]
    public Task ProviderAndFixAll() => FixesAsync(
        InMethod("using var [|first|] = services.BuildServiceProvider();\n        first.GetRequiredService<Single>();\n        using var [|second|] = first.CreateScope();\n        second.ServiceProvider.GetRequiredService<IUnit>();"),
        InMethod("await using var first = services.BuildServiceProvider();\n        first.GetRequiredService<Single>();\n        await using var second = first.CreateAsyncScope();\n        second.ServiceProvider.GetRequiredService<IUnit>();"),
        Library);

    [Fact]
    public Task TopLevelStatements() => FixesAsync(
        """
        var services = new ServiceCollection();
        services.AddTransient<Unit>();
        using var [|provider|] = services.BuildServiceProvider();
        provider.GetRequiredService<Unit>();

        sealed class Unit : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        """,
        """
        var services = new ServiceCollection();
        services.AddTransient<Unit>();
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<Unit>();

        sealed class Unit : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        """);

    [Theory]
    // Not in an async method; a call of Dispose has no await form of a plain scope.
    [InlineData("public static void Run(IServiceProvider provider) { using var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetService<Unit>(); }")]
    [InlineData("public static void Run(IServiceProvider provider) { var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetService<Unit>(); scope.Dispose(); }")]
    [InlineData("public static Func<Task> Run(IServiceProvider provider) => () => { using var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetService<Unit>(); return Task.CompletedTask; };")]
    public Task NoFixWhereNothingCanAwait(string member) => OffersNoFixAsync(InClass(member), Library);

    [Theory]
    [InlineData("using var [|scope|] = provider.CreateScope(); _ = scope.ServiceProvider.GetServices<IUnit>();")]
    [InlineData("using var [|scope|] = provider.CreateScope(); var handler = scope.ServiceProvider.GetRequiredService<Handler>();")]
    [InlineData("using var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Made>();")]
    [InlineData("using var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Typed>();")]
    [InlineData("Func<Task> run = async () => { using var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Unit>(); await Task.Yield(); };")]
    [InlineData("Go(); void Go() { using var [|scope|] = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Unit>(); }")]
    [InlineData("var [|scope|] = provider.CreateScope(); try { scope.ServiceProvider.GetRequiredService<Unit>(); } finally { scope?.Dispose(); }")]
    [InlineData("var [|built|] = services.BuildServiceProvider(); built.GetRequiredService<Single>(); built.Dispose();")]
    public Task Reported(string statements) => ReportsAsync(InMethod(statements), Library);

    // However the registration names its types.
    [Theory]
    [InlineData("services.AddScoped<IUnit, Unit>();")]
    [InlineData("services?.AddScoped<IUnit, Unit>();")]
    [InlineData("services.AddScoped<IOther, Other>();")]
    [InlineData("services.AddScoped<IEverywhere, Everywhere>();")]
    [InlineData("services.AddScoped<global::Shop.IUnit, global::Shop.Unit>();")]
    [InlineData("services.AddScoped<S::IUnit, S::Unit>();")]
    [InlineData("services.AddScoped(typeof(IEverywhere), typeof(Everywhere));")]
    [InlineData("Container.AddScoped<IUnit, Unit>(services);")]
    [InlineData("Container.AddScoped(services, typeof(IUnit), typeof(Unit));")]
    [InlineData("services.AddScoped<IUnit>(_ => new Unit());")]
    [InlineData("services.AddScoped<IEverywhere>(static _ => new Everywhere());")]
    [InlineData("services.AddScoped<IUnit, Unit>(_ => new());")]
    [InlineData("services.AddScoped<IUnit>(_ => { Console.WriteLine(); return new Unit(); });")]
    [InlineData("services.AddScoped<IUnit>(_ => { var unit = new Unit(); return unit; });")]
    [InlineData("services.AddScoped<IUnit>(_ => { Func<int> one = () => { return 1; }; return new Unit(); });")]
    [InlineData("services.AddScoped<IUnit>(provider => provider.GetRequiredService<Unit>());")]
    [InlineData("services.AddScoped(IUnit (_) => new Unit());")]
    public Task Registrations(string registration) => ReportsAsync(Registering("scope", "provider.CreateScope()", "IUnit", registration), Everywhere);

    // Where the service is what the factory returns.
    [Theory]
    [InlineData("services.AddScoped(_ => new Unit());")]
    [InlineData("services.AddScoped(_ => { return new Unit(); });")]
    [InlineData("services.AddScoped(_ => { var unit = new Unit(); return unit; });")]
    [InlineData("services.AddScoped(_ => new Everywhere());")]
    [InlineData("Func<IServiceProvider, Unit> made = _ => new Unit(); services.AddScoped(made);")]
    [InlineData("services.AddScoped(new Func<IServiceProvider, Unit>(_ => new Unit()));")]
    [InlineData("services.AddSingleton(make);")]
    [InlineData("services.AddSingleton(new Func<IServiceProvider, Unit>(make));")]
    [InlineData("services.AddSingleton(new Factory(make));")]
    public Task InferredServices(string registration) => ReportsAsync(Registering("built", "services.BuildServiceProvider()", "Unit", registration), Everywhere);

    [Theory]
    [InlineData("services.AddSingleton(unit);")]
    [InlineData("services.AddSingleton(new Unit());")]
    [InlineData("foreach (var one in new[] { unit }) services.AddSingleton(one);")]
    [InlineData("services.AddSingleton(services.BuildServiceProvider().GetRequiredService<Unit>());")]
    public Task QuietForInstances(string registration) => QuietAsync(Registering("built", "services.BuildServiceProvider()", "Unit", registration).Replace("[|built|]", "built", StringComparison.Ordinal), Everywhere);

    [Theory]
    [InlineData("await using var scope = provider.CreateAsyncScope(); scope.ServiceProvider.GetRequiredService<Unit>();")]
    [InlineData("await using (var scope = provider.CreateAsyncScope()) { scope.ServiceProvider.GetRequiredService<Unit>(); }")]
    [InlineData("using var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Both>();")]
    [InlineData("using var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Plain>();")]
    [InlineData("using var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Single>();")]
    [InlineData("using var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Instance>();")]
    [InlineData("using var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Unregistered>();")]
    [InlineData("using var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<IMixed>();")]
    [InlineData("using var scope = provider.CreateScope(); Console.WriteLine(scope);")]
    [InlineData("using var built = services.BuildServiceProvider(); Console.WriteLine(built);")]
    [InlineData("await using var built = services.BuildServiceProvider(); built.GetRequiredService<Single>();")]
    [InlineData("using var host = Host.CreateApplicationBuilder().Build(); host.Services.GetRequiredService<Single>();")]
    [InlineData("var scope = provider.CreateScope(); scope.ServiceProvider.GetRequiredService<Unit>();")]
    [InlineData("using var own = new Own().CreateScope(); own.GetRequiredService<Unit>();")]
    public Task Quiet(string statements) => QuietAsync(InMethod(statements), Library);

    [Theory]
    [InlineData("using var scope = provider.CreateScope(; scope.ServiceProvider.GetRequiredService<>();")]
    [InlineData("using var scope = scope.CreateScope(); services.AddScoped<,>(); services.AddScoped(typeof(), typeof(A)); services.AddScoped(x => );")]
    public Task BrokenCode(string code) => NeverThrowsAsync("var services = new ServiceCollection(); services.AddScoped<A>(); var provider = services.BuildServiceProvider();\n" + code + "\nclass A(A a) : IAsyncDisposable { }");

    private static void Everywhere(Code code)
    {
        Library(code);
        code.OtherFiles.Add(("Usings.cs", "global using IEverywhere = Shop.IUnit;\nglobal using Everywhere = Shop.Unit;"));
    }

    private static string Registering(string local, string container, string service, string registration) =>
        $$"""
        using Shop;
        using S = Shop;
        using IOther = Shop.IUnit;
        using Other = Shop.Unit;
        using Factory = System.Func<System.IServiceProvider, Shop.Unit>;
        using Container = Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions;

        public static class Work
        {
            public static void Register(IServiceCollection services, Unit unit, Func<IServiceProvider, Unit> make) { {{registration}} }

            public static void Run(IServiceProvider provider, IServiceCollection services)
            {
                using var [|{{local}}|] = {{container}};
                {{(local == "scope" ? "scope.ServiceProvider" : local)}}.GetRequiredService<{{service}}>();
            }
        }

        namespace Shop
        {
            public interface IUnit { }
            public sealed class Unit : IUnit, IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        }
        """;

    private static string InMethod(string statements) => InClass(
        $$"""
        public static async Task RunAsync(IServiceCollection services, IServiceProvider provider)
            {
                {{statements}}
            }
        """);

    private static string InClass(string member) =>
        $$"""
        public static class Work
        {
            public static void Register(IServiceCollection services)
            {
                services.AddScoped<Unit>();
                services.AddScoped<IUnit, Unit>();
                services.AddScoped(typeof(Typed), typeof(Unit2));
                services.AddTransient<Handler>();
                services.AddScoped<Made>(_ => new MadeLate());
                services.AddScoped<Both>().AddScoped<Plain>();
                services.AddSingleton<Single>();
                services.AddSingleton(new Instance());
                services.AddScoped<IMixed, Unit3>();
                services.AddScoped<IMixed, Both>();
            }

            {{member}}
        }

        public interface IUnit { }
        public sealed class Unit : IUnit, IAsyncDisposable { public void Save() { } public ValueTask DisposeAsync() => default; }
        public class Typed { }
        public sealed class Unit2 : Typed, IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        public sealed class Unit3 : IMixed, IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        public sealed class Handler(Middle middle, Unit unit) { public object Inner => (middle, unit); }
        public sealed class Middle { }
        public class Made { }
        public sealed class MadeLate : Made, IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        public interface IMixed { }
        public sealed class Both : IMixed, IAsyncDisposable, IDisposable { public void Dispose() { } public ValueTask DisposeAsync() => default; }
        public sealed class Plain { }
        public sealed class Single : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        public sealed class Instance : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        public sealed class Unregistered : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        public sealed class Own : IDisposable { public Own CreateScope() => this; public T GetRequiredService<T>() => default!; public void Dispose() { } }
        """;
}
